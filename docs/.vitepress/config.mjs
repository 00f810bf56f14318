import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { repositoryLinks } from "./links.mjs";
import { sidebar } from "./sidebar.mjs";
import { slug } from "./slug.mjs";

export default defineConfig({
  title: "pulumi-huggingface",
  description: "A Pulumi provider for the security of an organization on the Hugging Face Hub.",
  lang: "en",
  head: [["link", { rel: "icon", href: "data:," }]],
  cacheDir: fileURLToPath(new URL("../../.work/vitepress", import.meta.url)),
  lastUpdated: false,
  markdown: {
    // The same anchors as on the pages of the repository, so that a link works in both.
    anchor: { slugify: slug },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config: (md) => md.use(repositoryLinks),
  },
  themeConfig: {
    sidebar,
    outline: { level: [2, 3] },
    search: { provider: "local" },
    // A screen reader reads the label, and it has to be the text that others see.
    notFound: { linkText: "Go to the start page", linkLabel: "Go to the start page" },
    docFooter: { prev: "Previous page", next: "Next page" },
  },
});
