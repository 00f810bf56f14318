/** What others than the Hub publish, by its address; whatever else is asked for cannot be reached. */
export function published(documents: Record<string, string> = {}): (url: string) => Promise<string> {
  return (url) => {
    const text = documents[url];
    return text === undefined
      ? Promise.reject(new Error(`${url} could not be reached`))
      : Promise.resolve(text);
  };
}
