/** Asks a Hub something over HTTP as whoever has the token, as another client than the provider's would. */
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
    // Plain text or nothing.
  }
  return { status: answer.status, body: parsed };
}
