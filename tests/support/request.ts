/** Sends an HTTP request to a Hub with this token, without the provider's client. */
export async function request(
  endpoint: string,
  token: string,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(endpoint + path, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  let parsed: unknown = text;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The body is plain text or empty.
  }
  return { status: answer.status, body: parsed };
}
