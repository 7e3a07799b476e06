using System.Globalization;
using System.Text.Json;
using PresenceHub.GraphEmulator.Faults;

namespace PresenceHub.GraphEmulator.Presences;

/// <summary>Writes a presence as Graph does, according to the switches.</summary>
internal sealed class PresenceWriter(GraphEmulatorSwitches switches, FaultSet faults)
{
    private static readonly PresenceState Unseen = new("Hologram", "OnTheBridge");

    public static string Stamp(long sequence) => "A" + sequence.ToString("D10", CultureInfo.InvariantCulture);

    public string Spell(string value) =>
        switches.PresenceCasing == PresenceCasing.Camel ? JsonNamingPolicy.CamelCase.ConvertName(value) : value;

    /// <param name="json">The JSON writer.</param>
    /// <param name="reading">The presence.</param>
    /// <param name="own">Whether callers read their own presence, which includes more of the status message.</param>
    /// <param name="withSequence">Whether this kind of answer carries the version.</param>
    /// <param name="context">Metadata address; none inside lists.</param>
    public void Write(
        Utf8JsonWriter json,
        in PresenceReading reading,
        bool own,
        bool withSequence,
        string? context = null
    )
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
        WriteStatusMessage(json, reading.StatusMessage, own);
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

    private static void WriteStatusMessage(Utf8JsonWriter json, StatusMessage? message, bool own)
    {
        if (message is null)
        {
            json.WriteNull("statusMessage");
            return;
        }

        json.WriteStartObject("statusMessage");
        json.WriteStartObject("message");
        json.WriteString("content", message.Content);
        json.WriteString("contentType", "text");
        json.WriteEndObject();
        if (own)
        {
            json.WriteString("publishedDateTime", message.PublishedAt.UtcDateTime);
            if (message.ExpiryDateTime is not null)
            {
                json.WriteStartObject("expiryDateTime");
                json.WriteString("dateTime", message.ExpiryDateTime);
                json.WriteString("timeZone", message.ExpiryTimeZone);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }
}
