import { useEffect, useRef } from "react";
import { Badge } from "./Badge.js";
import type { Conversation } from "./chat/Conversation.js";
import { Composer } from "./Composer.js";

interface Props {
  readonly conversation: Conversation;
  readonly userId: string;
  readonly nameOf: (id: string) => string;
  readonly typing: string | undefined;
  readonly connected: boolean;
  readonly onTyping: () => void;
  readonly onSend: (text: string) => Promise<void>;
}

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

export function Thread({ conversation, userId, nameOf, typing, connected, onTyping, onSend }: Props) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    // Braces: browsers return a promise from it, and React would take that for a clean-up function.
    void list.current?.lastElementChild?.scrollIntoView({ block: "end" });
  }, [conversation.messages]);

  return (
    <article className="thread">
      <header>
        {conversation.people
          .filter((id) => id !== userId)
          .map((id) => (
            <h1 key={id}>
              {nameOf(id)} <Badge id={id} words />
            </h1>
          ))}
      </header>
      <ol ref={list} aria-live="polite">
        {conversation.messages.map(({ number, from, text, sentAt }) => (
          <li key={number} className={from === userId ? "own" : "other"}>
            <span className="by">
              {from === userId ? "You" : nameOf(from)}, <time dateTime={sentAt}>{time.format(new Date(sentAt))}</time>
            </span>
            <p>{text}</p>
          </li>
        ))}
      </ol>
      <p className="typing" role="status">
        {typing && `${nameOf(typing)} is typing…`}
      </p>
      <Composer connected={connected} onTyping={onTyping} onSend={onSend} />
    </article>
  );
}
