import { useState } from "react";
import { reasonOf } from "./reasonOf.js";

interface Props {
  readonly connected: boolean;
  readonly onTyping: () => void;
  readonly onSend: (text: string) => Promise<void>;
}

/** As long as the server takes. */
const maxLength = 2_000;

export function Composer({ connected, onTyping, onSend }: Props) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const [sending, setSending] = useState(false);

  const send = async () => {
    if (text.trim() === "" || sending) {
      return;
    }
    setSending(true);
    try {
      await onSend(text.trim());
      setProblem("");
      // What was typed meanwhile stays.
      setText((typed) => (typed === text ? "" : typed));
    } catch (error) {
      setProblem(`The message was not sent: ${reasonOf(error)}. Try again.`);
    } finally {
      setSending(false);
    }
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <input
        aria-label="Message"
        placeholder="Write a message"
        autoComplete="off"
        autoFocus
        maxLength={maxLength}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          onTyping();
        }}
      />
      <button disabled={!connected || sending || text.trim() === ""}>Send</button>
      {problem && <p role="alert">{problem}</p>}
    </form>
  );
}
