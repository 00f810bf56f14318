/** The names of the profiles: which part of the API a Hub has. */
export const PROFILES = ["extended", "public"] as const;
/** `public`: the API of huggingface.co. `extended`: additional operations that only some Hubs have. */
export type Profile = (typeof PROFILES)[number];
