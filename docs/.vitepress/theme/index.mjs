// The fonts of the reader's system are used, so that the site loads none.
import { onMounted, watch } from "vue";
import { useData } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import "./style.css";

export default {
  extends: DefaultTheme,
  setup() {
    const { frontmatter, page } = useData();
    // The default theme marks the main part of documents only.
    const markMain = () => {
      const isDocument = frontmatter.value.layout !== "home" && !page.value.isNotFound;
      document.getElementById("VPContent")?.setAttribute("role", isDocument ? "none" : "main");
    };
    onMounted(markMain);
    watch(page, markMain, { flush: "post" });
  },
};
