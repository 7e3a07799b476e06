import { presenceLabel, presenceState } from "@presencehub/client";
import { usePresence } from "@presencehub/client/react";

interface Props {
  readonly id: string;
  /** Whether the words stand beside the mark; otherwise only screen readers and a tooltip have them. */
  readonly words?: boolean;
}

/** The presence of one person. Shape and words differ too, not only the colour. */
export function Badge({ id, words = false }: Props) {
  const entry = usePresence(id);
  const label = presenceLabel(entry);
  return (
    <span className="badge" data-subject-id={id} data-state={presenceState(entry)} data-freshness={entry?.freshness}>
      <span className="mark" title={label} aria-hidden="true" />
      <span className={words ? "words" : "for-screen-readers"}>{label}</span>
    </span>
  );
}
