import { useState } from "preact/hooks";
import { sign_in } from "../api/client";
import { usePageTitle } from "../parts/page_title";
import { failure_of } from "../state/failure";
import { navigate, place } from "../state/router";
import { next_page } from "../state/signin";

export default function SignInPage() {
  usePageTitle("Sign in", false);
  const [problem, set_problem] = useState("");
  const [busy, set_busy] = useState(false);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    set_busy(true);
    try {
      await sign_in(String(new FormData(form).get("api_key") ?? "").trim());
      navigate(next_page(place.value.search), "replace");
    } catch (error) {
      const failure = failure_of(error);
      set_problem(failure.status === 401 ? "This key was not accepted." : failure.text);
      set_busy(false);
    }
  };

  return (
    <main class="page narrow" id="main">
      <h1 tabIndex={-1}>Sign in</h1>
      <p>What you asked for needs a key of this server. It is sent once; the browser then keeps a cookie.</p>
      <form onSubmit={submit}>
        <label for="api-key">Key</label>
        <input
          id="api-key"
          name="api_key"
          type="password"
          autocomplete="current-password"
          required
          aria-invalid={problem !== ""}
          aria-describedby="api-key-problem"
        />
        <p id="api-key-problem" class="field-error" role="alert">
          {problem}
        </p>
        <button type="submit" class="primary" disabled={busy}>
          Sign in
        </button>
      </form>
    </main>
  );
}
