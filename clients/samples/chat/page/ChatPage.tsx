import { useState } from "react";
import { ConversationList } from "./ConversationList.js";
import { useChat } from "./chat/useChat.js";
import { Me } from "./Me.js";
import { PeoplePicker } from "./PeoplePicker.js";
import { reasonOf } from "./reasonOf.js";
import { usePeople } from "./people/usePeople.js";
import type { Session } from "./signIn/Session.js";
import { Thread } from "./Thread.js";

export function ChatPage({ session }: { readonly session: Session }) {
  const { client, state } = useChat(session);
  const [shownId, setShownId] = useState<string>();
  const { userId, directory } = session;
  const { people, problem: namesProblem } = usePeople(directory, [
    userId,
    ...state.conversations.flatMap((conversation) => conversation.people),
  ]);
  const [openProblem, setOpenProblem] = useState("");
  const nameOf = (id: string) => people.get(id)?.displayName ?? "Unknown person";
  const shown = state.conversations.find(({ id }) => id === shownId);

  const open = async (id: string) => {
    try {
      setShownId((await client?.open([id]))?.id);
      setOpenProblem("");
    } catch (error) {
      setOpenProblem(`The conversation cannot be opened: ${reasonOf(error)}`);
    }
  };

  return (
    <div className="chat" data-connected={state.connected}>
      <aside>
        {[openProblem, namesProblem].filter(Boolean).map((problem) => (
          <p key={problem} role="alert">
            {problem}
          </p>
        ))}
        <Me id={userId} name={nameOf(userId)} chatConnected={state.connected} />
        <ConversationList
          conversations={state.conversations}
          userId={userId}
          nameOf={nameOf}
          shownId={shownId}
          onShow={setShownId}
        />
        <PeoplePicker directory={directory} userId={userId} onPick={open} />
      </aside>
      <main>
        {shown && client ? (
          <Thread
            key={shown.id}
            conversation={shown}
            userId={userId}
            nameOf={nameOf}
            typing={state.typing.get(shown.id)}
            connected={state.connected}
            onTyping={() => client.typing(shown.id)}
            onSend={(text) => client.send(shown.id, text)}
          />
        ) : (
          <p className="empty">Choose a person, or ask the first available one of a team.</p>
        )}
      </main>
    </div>
  );
}
