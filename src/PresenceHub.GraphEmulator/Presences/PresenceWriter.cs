using System.Globalization;
using System.Text.Json;
using PresenceHub.GraphEmulator.Faults;

namespace PresenceHub.GraphEmulator.Presences;

/// <summary>Writes a presence as Graph does, with the spelling that the switches select.</summary>
internal sealed class PresenceWriter(GraphEmulatorSwitches switches, FaultSet faults)
{
    private static readonly PresenceState Unseen = new("Hologram", "OnTheBridge");

    public static string Stamp(long sequence) => "A" + sequence.ToString("D10", CultureInfo.InvariantCulture);

    public string Spell(string value) =>
        switches.PresenceCasing == PresenceCasing.Camel ? JsonNamingPolicy.CamelCase.ConvertName(value) : value;

    /// <param name="json">Where to write.</param>
    /// <param name="reading">What to write.</param>
    /// <param name="withSequence">Whether this kind of answer carries the version.</param>
    /// <param name="context">Metadata address; none inside lists.</param>
    public void Write(Utf8JsonWriter json, in PresenceReading reading, bool withSequence, string? context = null)
    {
        var course = faults.Course;
        var shape = ShapeOf(course, reading.Id);
        if (shape is PresenceShape.NoObject)
        {
            json.WriteNumberValue(0);
            return;
        }

        json.WriteStartObject();
        if (context is not null)
        {
            json.WriteString("@odata.context", context);
        }

        if (shape is PresenceShape.WrongTypes)
        {
            json.WriteNumber("id", 0);
            json.WriteBoolean("availability", true);
            json.WriteNull("activity");
        }
        else
        {
            if (shape is not PresenceShape.NoId)
            {
                json.WriteString("id", reading.Id);
            }

            var isUnseen = IsHit(course, reading.Id) && course.Reads.Happens(course.Plan.Reads.UnseenValues);
            WriteValues(json, isUnseen ? Unseen : reading.State);
        }

        WriteOutOfOffice(json, reading.State);
        json.WriteNull("statusMessage");
        if (withSequence)
        {
            json.WriteString("sequenceNumber", Stamp(reading.Sequence));
        }

        if (IsHit(course, reading.Id) && course.Reads.Happens(course.Plan.Reads.ExtraProperties))
        {
            json.WriteStartObject("holodeck");
            json.WriteNumber("deck", 11);
            json.WriteEndObject();
        }

        if (switches.WorkLocationInReads)
        {
            json.WriteStartObject("workLocation");
            json.WriteNull("placeId");
            json.WriteString("source", "none");
            json.WriteString("workLocationType", "unspecified");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public void WriteValues(Utf8JsonWriter json, PresenceState state)
    {
        json.WriteString("availability", Spell(state.Availability));
        json.WriteString("activity", Spell(state.Activity));
    }

    public static void WriteOutOfOffice(Utf8JsonWriter json, PresenceState state)
    {
        json.WriteStartObject("outOfOfficeSettings");
        json.WriteNull("message");
        json.WriteBoolean("isOutOfOffice", state.IsOutOfOffice);
        json.WriteEndObject();
    }

    private static bool IsHit(FaultCourse course, Guid id) =>
        course.Plan.Reads.Ids is not { Count: > 0 } ids || ids.Contains(id);

    private static PresenceShape ShapeOf(FaultCourse course, Guid id)
    {
        var (plan, draws) = (course.Plan.Reads, course.Reads);
        return !IsHit(course, id) ? PresenceShape.Sound
            : draws.Happens(plan.NoObject) ? PresenceShape.NoObject
            : draws.Happens(plan.WrongTypes) ? PresenceShape.WrongTypes
            : draws.Happens(plan.NoId) ? PresenceShape.NoId
            : PresenceShape.Sound;
    }
}
