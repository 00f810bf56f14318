/**
 * The code that Pulumi stores in the state for each resource: one constant line that loads the installed package from the
 * program's folder. It captures no values and always runs the installed release.
 */
export function handlerText(type: string): string {
  // guard: constant-code
  return `exports.handler=()=>require("module").createRequire(process.cwd()+"/_")("pulumi-huggingface/dynamic").handler("${type}")`;
}
