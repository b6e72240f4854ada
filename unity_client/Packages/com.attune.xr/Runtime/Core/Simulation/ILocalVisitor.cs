#nullable enable

namespace Attune
{
    /// <summary>
    /// A visitor and a server in one, on this device. Time is an input: one call of <see cref="Advance"/> is 100 ms.
    /// </summary>
    public interface ILocalVisitor
    {
        /// <summary>Something was sent to the server; its answer, null: none.</summary>
        ServerMessage? Hear(Control message, long nowNs);

        /// <summary>100 ms go by; the state that a server would tell then, null: none.</summary>
        StateUpdate? Advance();
    }
}
