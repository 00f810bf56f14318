import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError } from "../client/environment";
import { NAMESPACE } from "../model/settings";
import { ownerOf } from "../rules/mark";
import { showCallerOnly } from "./callSite";
import { declaredOnce } from "./declaredOnce";
import { type ResourceShape } from "../model/fields";
import { handlerText } from "../model/handlerText";
import { IMPORT_KEY, PROVIDER_KEY } from "../model/hiddenKeys";
import { checkInstalled } from "./installed";
import { checkStackSettings } from "./stackSettings";
import { inProgram } from "./programError";
import { keepAnswersOutOfDebug } from "./quietDebug";

/** The base of all resources of the Hub: a dynamic resource whose handler is the installed package. */
export abstract class HubResource extends pulumi.CustomResource {
  protected constructor(
    shape: ResourceShape,
    name: string,
    args: object | undefined,
    options: pulumi.CustomResourceOptions = {},
  ) {
    const props = inProgram(() => {
      checkStackSettings();
      checkInstalled();
      return properties(shape, name, args, options);
    });
    keepAnswersOutOfDebug();
    // Pulumi cannot import a dynamic resource, so the handler does it when the engine calls `create`.
    const { import: _importId, ...others } = options;
    const restore = showCallerOnly();
    try {
      super(
        `pulumi-nodejs:dynamic/huggingface:${shape.type}`,
        name,
        props,
        // guard: secret-outputs
        pulumi.mergeOptions({ additionalSecretOutputs: [...shape.secrets] }, others),
      );
    } catch (error) {
      restore();
      // Errors of the SDK are about a line of the program, so they need a complete stack.
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    } finally {
      restore();
    }
  }
}

function properties(
  shape: ResourceShape,
  name: string,
  args: object | undefined,
  options: pulumi.CustomResourceOptions,
): pulumi.Inputs {
  // Each output starts as `undefined`, so that the property exists before the engine answers.
  const props: pulumi.Inputs = Object.fromEntries(shape.outputs.map((output) => [output, undefined]));
  if (options.id === undefined) {
    // TypeScript prevents this; a JavaScript program can leave them out.
    if (!args) throw new ConfigurationError(`${shape.type} "${name}": the arguments are missing.`);
    Object.assign(props, declaredOnce(shape.type, name, args, options));
    props[IMPORT_KEY] = options.import ?? undefined;
    for (const secret of shape.secrets) {
      if (props[secret] !== undefined) props[secret] = pulumi.secret(props[secret]);
    }
    if (shape.owned) {
      props["owner"] = ownerIn(shape.type, name, options.parent);
    }
  }
  props[PROVIDER_KEY] = handlerText(shape.type);
  return props;
}

/** The owner's mark. Two components may have children with the same name, so the parents' types are part of the type. */
function ownerIn(type: string, name: string, parent: pulumi.Resource | undefined): pulumi.Input<string> {
  const scope = new pulumi.Config(NAMESPACE).get("owner");
  const owner = (wholeType: string): string =>
    ownerOf(pulumi.getProject(), pulumi.getStack(), wholeType, name, scope);
  if (!parent) return owner(type);
  // A promise, because an output would make all resources of the component wait for each other.
  return new Promise((resolve) => {
    parent.urn.apply((urn) => {
      // urn:pulumi:<stack>::<project>::<types of the parents, then its own>::<name>
      const parents = urn.split("::")[2] ?? "";
      resolve(owner(parents === "pulumi:pulumi:Stack" ? type : `${parents}$${type}`));
    });
  });
}
