/**
 * The anchor of a heading, as GitHub makes it: lower case, hyphens for spaces, without punctuation.
 *
 * @param {string} text
 * @returns {string}
 */
export function slug(text) {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, "")
    .replace(/\s/g, "-");
}
