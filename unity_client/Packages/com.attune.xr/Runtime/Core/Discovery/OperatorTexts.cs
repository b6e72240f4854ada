#nullable enable
using System.Collections.Generic;

namespace Attune
{
    /// <summary>The keys of what an operator reads while setting a headset up, and the texts that ship.</summary>
    public static class OperatorTexts
    {
        public const string Servers = "operator.servers";
        public const string NoServer = "operator.servers.none";
        public const string More = "operator.servers.more";
        public const string Unusable = "operator.servers.unusable";
        public const string Configured = "operator.configured";
        public const string NotConfigured = "operator.configured.none";
        public const string PermissionAsking = "operator.permission.asking";
        public const string Confirm = "operator.confirm";
        public const string Address = "operator.confirm.address";
        public const string Station = "operator.confirm.station";
        public const string Authority = "operator.confirm.authority";
        public const string AuthorityKnown = "operator.confirm.authority.known";
        public const string AuthorityUnknown = "operator.confirm.authority.unknown";
        public const string PlainText = "operator.confirm.plain";
        public const string Yes = "operator.confirm.yes";
        public const string YesPlain = "operator.confirm.yes.plain";
        public const string No = "operator.confirm.no";
        public const string How = "operator.how";

        /// <summary>Every key.</summary>
        public static IEnumerable<string> Keys => English.Keys;

        internal static readonly IReadOnlyDictionary<string, string> English = new Dictionary<string, string>
        {
            [Servers] = "Servers nearby",
            [NoServer] = "No server has answered yet",
            [More] = "More servers",
            [Unusable] = "cannot be used",
            [Configured] = "From the next visitor on",
            [NotConfigured] = "No server is set: stories take their default branches",
            [PermissionAsking] = "The system is asking whether devices nearby may be reached",
            [Confirm] = "Use this server?",
            [Address] = "address",
            [Station] = "station",
            [Authority] = "authority",
            [AuthorityKnown] = "Its authority is the one that is installed on this device",
            [AuthorityUnknown] = "Its authority is not installed on this device, so the server cannot be used. Push the authority's certificate first",
            [PlainText] = "Nothing is encrypted: whoever is on this network can read along, pictures of faces included",
            [Yes] = "Use it from the next visitor on",
            [YesPlain] = "Use it without encryption",
            [No] = "Do not use it",
            [How] = "Point at an answer and press. Looking alone answers nothing.",
        };

        internal static readonly IReadOnlyDictionary<string, string> German = new Dictionary<string, string>
        {
            [Servers] = "Server in der Nähe",
            [NoServer] = "Noch hat kein Server geantwortet",
            [More] = "Weitere Server",
            [Unusable] = "nicht zu gebrauchen",
            [Configured] = "Ab der nächsten Person",
            [NotConfigured] = "Kein Server eingestellt: Geschichten nehmen ihre vorgesehenen Wege",
            [PermissionAsking] = "Das System fragt, ob Geräte in der Nähe erreicht werden dürfen",
            [Confirm] = "Diesen Server verwenden?",
            [Address] = "Adresse",
            [Station] = "Standort",
            [Authority] = "Zertifizierungsstelle",
            [AuthorityKnown] = "Für ihn bürgt die Zertifizierungsstelle, die auf diesem Gerät hinterlegt ist",
            [AuthorityUnknown] =
                "Seine Zertifizierungsstelle ist auf diesem Gerät nicht hinterlegt, darum lässt er sich nicht verwenden. Hinterlegen Sie zuerst ihr Zertifikat",
            [PlainText] = "Nichts ist verschlüsselt: Wer in diesem Netz ist, kann mitlesen, auch Bilder von Gesichtern",
            [Yes] = "Ab der nächsten Person verwenden",
            [YesPlain] = "Ohne Verschlüsselung verwenden",
            [No] = "Nicht verwenden",
            [How] = "Zeigen Sie auf eine Antwort und drücken Sie. Ansehen allein antwortet nicht.",
        };
    }
}
