import { useState } from "react";

interface Props {
  readonly connected: boolean;
  readonly onTyping: () => void;
  readonly onSend: (text: string) => Promise<void>;
}

/** As long as the server takes. */
const maxLength = 2_000;

export function Composer({ connected, onTyping, onSend }: Props) {
  const [text, setText] = useState("");
  const [failed, setFailed] = useState(false);

  const send = async () => {
    if (text.trim() === "") {
      return;
    }
    try {
      await onSend(text.trim());
      setText("");
      setFailed(false);
    } catch {
      setFailed(true);
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
      <button disabled={!connected || text.trim() === ""}>Send</button>
      {failed && <p role="alert">The message was not sent. Try again.</p>}
    </form>
  );
}
