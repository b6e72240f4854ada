#nullable enable
using System;

namespace Attune
{
    /// <summary>What every visitor on this device answers in the place of a server.</summary>
    internal static class LocalAnswers
    {
        /// <param name="what">Stands for the session and the server's version.</param>
        public static SessionReady Ready(Start start, string what) => new SessionReady
        {
            SessionId = what,
            ResumeToken = what,
            ResumeWindow = TimeSpan.FromSeconds(30),
            Resumed = start.ResumeToken != null,
            ScenarioSha256 = start.Request.ScenarioSha256,
            ServerVersion = what,
            Played = true,
        };

        public static ConsentApplied Applied(ConsentChange change) =>
            new ConsentApplied { Revision = change.Revision, Scopes = change.Scopes };

        public static Pong Pong(Ping ping, long nowNs) => new Pong
        {
            Id = ping.Id, ClientSendNs = ping.ClientSendNs, ServerReceiveNs = nowNs, ServerSendNs = nowNs,
        };
    }
}
