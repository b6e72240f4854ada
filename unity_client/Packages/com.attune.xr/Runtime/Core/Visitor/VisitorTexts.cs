#nullable enable
using System.Collections.Generic;

namespace Attune
{
    /// <summary>The keys of everything that a visitor reads or hears, and the texts that ship.</summary>
    public static class VisitorTexts
    {
        public const string ConsentTitle = "consent.title";
        public const string ConsentAnalyse = "consent.analyse";
        public const string ConsentAnalyseYes = "consent.analyse.yes";
        public const string ConsentAnalyseNo = "consent.analyse.no";
        public const string ConsentStoreFeatures = "consent.store_features";
        public const string ConsentStoreVideo = "consent.store_video";
        public const string ConsentResearch = "consent.research";
        public const string ConsentYes = "consent.yes";
        public const string ConsentNo = "consent.no";
        public const string ConsentBack = "consent.back";
        public const string ConsentHow = "consent.how";
        public const string ConsentThanks = "consent.thanks";
        public const string ConsentThanksNo = "consent.thanks.no";
        public const string Stop = "stop.label";
        public const string StopHow = "stop.how";
        public const string StopDone = "stop.done";
        public const string SignOff = "sign.off";
        public const string SignReady = "sign.ready";
        public const string SignAnalysing = "sign.analysing";
        public const string SignStoring = "sign.storing";
        public const string SignPaused = "sign.paused";
        public const string SignStory = "sign.story";

        /// <summary>Every key. A table that replaces the shipped one should have them all.</summary>
        public static IEnumerable<string> Keys => English.Keys;

        internal static readonly IReadOnlyDictionary<string, string> English = new Dictionary<string, string>
        {
            [ConsentTitle] = "Before we begin",
            [ConsentAnalyse] =
                "A camera can read the expression of your face, so that the story answers you. It does not know who you "
                + "are or what you feel. You can stop it at any time. The story is the same either way.",
            [ConsentAnalyseYes] = "With camera",
            [ConsentAnalyseNo] = "Without camera",
            [ConsentStoreFeatures] = "May measurements of your expression be stored under a random number? No picture is kept.",
            [ConsentStoreVideo] = "May the video of your face be stored?",
            [ConsentResearch] = "May researchers use what is stored?",
            [ConsentYes] = "Yes",
            [ConsentNo] = "No",
            [ConsentBack] = "Back",
            [ConsentHow] = "Look at an answer until the ring is full, or point at it and press.",
            [ConsentThanks] = "Thank you. The camera is on; the sign in front of you shows it.",
            [ConsentThanksNo] = "Thank you. The camera is off. The story begins.",
            [Stop] = "Stop the camera",
            [StopHow] = "Look here until the ring is full, or hold the button.",
            [StopDone] = "The camera is off. The story goes on.",
            [SignOff] = "Camera off",
            [SignReady] = "Camera allowed, not in use",
            [SignAnalysing] = "Your expression is being read",
            [SignStoring] = "Your expression is being read and stored",
            [SignPaused] = "Paused: nothing is read",
            [SignStory] = "Story without camera",
        };

        internal static readonly IReadOnlyDictionary<string, string> German = new Dictionary<string, string>
        {
            [ConsentTitle] = "Bevor es losgeht",
            [ConsentAnalyse] =
                "Eine Kamera kann Ihren Gesichtsausdruck lesen, damit die Geschichte auf Sie antwortet. Sie weiß nicht, wer "
                + "Sie sind oder was Sie fühlen. Sie können das jederzeit beenden. Die Geschichte ist in beiden Fällen dieselbe.",
            [ConsentAnalyseYes] = "Mit Kamera",
            [ConsentAnalyseNo] = "Ohne Kamera",
            [ConsentStoreFeatures] =
                "Dürfen Messwerte Ihres Ausdrucks unter einer zufälligen Nummer gespeichert werden? Bilder werden nicht behalten.",
            [ConsentStoreVideo] = "Darf das Video Ihres Gesichts gespeichert werden?",
            [ConsentResearch] = "Darf die Forschung das Gespeicherte nutzen?",
            [ConsentYes] = "Ja",
            [ConsentNo] = "Nein",
            [ConsentBack] = "Zurück",
            [ConsentHow] = "Sehen Sie eine Antwort an, bis der Ring voll ist, oder zeigen Sie darauf und drücken Sie.",
            [ConsentThanks] = "Danke. Die Kamera ist an; das Zeichen vor Ihnen zeigt es.",
            [ConsentThanksNo] = "Danke. Die Kamera ist aus. Die Geschichte beginnt.",
            [Stop] = "Kamera ausschalten",
            [StopHow] = "Sehen Sie hierher, bis der Ring voll ist, oder halten Sie die Taste gedrückt.",
            [StopDone] = "Die Kamera ist aus. Die Geschichte geht weiter.",
            [SignOff] = "Kamera aus",
            [SignReady] = "Kamera erlaubt, nicht in Betrieb",
            [SignAnalysing] = "Ihr Ausdruck wird gelesen",
            [SignStoring] = "Ihr Ausdruck wird gelesen und gespeichert",
            [SignPaused] = "Pause: Nichts wird gelesen",
            [SignStory] = "Geschichte ohne Kamera",
        };
    }
}
