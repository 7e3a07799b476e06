import { Badge } from "./Badge.js";
import type { Conversation } from "./chat/Conversation.js";

interface Props {
  readonly conversations: readonly Conversation[];
  readonly userId: string;
  readonly nameOf: (id: string) => string;
  readonly shownId: string | undefined;
  readonly onShow: (id: string) => void;
}

export function ConversationList({ conversations, userId, nameOf, shownId, onShow }: Props) {
  return (
    <section aria-labelledby="conversations">
      <h2 id="conversations">Conversations</h2>
      {conversations.length === 0 && <p className="empty">None yet.</p>}
      <ul>
        {conversations.map(({ id, people, messages }) => {
          const others = people.filter((person) => person !== userId);
          return (
            <li key={id}>
              <button aria-current={id === shownId} onClick={() => onShow(id)}>
                <span className="who">
                  {others.map((person) => (
                    <Badge key={person} id={person} />
                  ))}
                  {others.map(nameOf).join(", ")}
                </span>
                <span className="last">{messages.at(-1)?.text ?? "No message yet"}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
