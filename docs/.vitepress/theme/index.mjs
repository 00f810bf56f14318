// The fonts of the reader's system, so that the site loads none.
import DefaultTheme from "vitepress/theme-without-fonts";
import "./style.css";

export default DefaultTheme;
