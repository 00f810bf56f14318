/** Documents from other servers than the Hub, by address. All other addresses cannot be reached. */
export function published(documents: Record<string, string> = {}): (url: string) => Promise<string> {
  return (url) => {
    const text = documents[url];
    return text === undefined
      ? Promise.reject(new Error(`${url} could not be reached`))
      : Promise.resolve(text);
  };
}
