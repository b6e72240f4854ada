#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>What an operator can be shown now.</summary>
    public sealed class ServerView
    {
        public IReadOnlyList<FoundServer> Found { get; set; } = Array.Empty<FoundServer>();

        /// <summary>Null: nothing waits for the operator.</summary>
        public ServerOffer? Waiting { get; set; }

        /// <summary>Of the offer that waits.</summary>
        public OfferTrust Trust { get; set; }

        /// <summary>Whether the system lets this device look for servers.</summary>
        public PermissionState Permission { get; set; }

        /// <summary>What went wrong last; empty: nothing.</summary>
        public string Problem { get; set; } = "";

        /// <summary>Address of the server that the next visitor's session would go to; empty: none.</summary>
        public string Configured { get; set; } = "";
    }

    /// <summary>A line or an answer: a text of the string table, a text as it is, or the one with the other behind it.</summary>
    public readonly struct ServerLine : IEquatable<ServerLine>
    {
        internal ServerLine(string key, string value = "", bool warns = false)
        {
            Key = key;
            Value = value;
            Warns = warns;
        }

        /// <summary>Empty: <see cref="Value"/> stands alone.</summary>
        public string Key { get; }

        public string Value { get; }

        public bool Warns { get; }

        /// <summary>As it is read.</summary>
        public string In(StringTable table, string locale)
        {
            string text = Key.Length == 0 ? "" : table.Text(Key, locale);
            return text.Length == 0 ? Value : Value.Length == 0 ? text : $"{text}: {Value}";
        }

        public bool Equals(ServerLine other) => Key == other.Key && Value == other.Value && Warns == other.Warns;

        public override bool Equals(object? other) => other is ServerLine line && Equals(line);

        public override int GetHashCode() => HashCode.Combine(Key, Value, Warns);
    }

    /// <summary>One page of the operator's screen.</summary>
    public sealed class ServerPage
    {
        internal ServerPage(string titleKey, IReadOnlyList<ServerLine> lines, IReadOnlyList<ServerLine> answers)
        {
            TitleKey = titleKey;
            Lines = lines;
            Answers = answers;
        }

        public string TitleKey { get; }

        public IReadOnlyList<ServerLine> Lines { get; }

        public IReadOnlyList<ServerLine> Answers { get; }

        internal bool Reads(ServerPage other) => TitleKey == other.TitleKey && Same(Lines, other.Lines) && Same(Answers, other.Answers);

        private static bool Same(IReadOnlyList<ServerLine> one, IReadOnlyList<ServerLine> other)
        {
            bool same = one.Count == other.Count;
            for (int i = 0; same && i < one.Count; i++)
            {
                same = one[i].Equals(other[i]);
            }

            return same;
        }
    }

    /// <summary>What an operator's answer asks for.</summary>
    public enum ServerStep
    {
        /// <summary>Only the page turns.</summary>
        None,

        /// <summary>A found server is laid before the operator.</summary>
        Show,

        /// <summary>The server that waits is to be used from the next visitor on.</summary>
        Confirm,

        /// <summary>The server that waits is not wanted.</summary>
        Refuse,
    }

    /// <summary>An answer and what it is about.</summary>
    public readonly struct ServerAnswer
    {
        internal ServerAnswer(ServerStep step, ServerOffer? offer = null, bool plainText = false)
        {
            Step = step;
            Offer = offer;
            PlainText = plainText;
        }

        public ServerStep Step { get; }

        /// <summary>The one that was on the page that was answered; null with None.</summary>
        public ServerOffer? Offer { get; }

        /// <summary>The page said that nothing is encrypted, and the answer says so too.</summary>
        public bool PlainText { get; }
    }

    /// <summary>
    /// The pages of an operator's screen: the servers that were found, and the one that is to be confirmed with what is
    /// known of it. It decides nothing and sends nothing; an answer counts for the page that was shown.
    /// </summary>
    public sealed class ServerDialogue
    {
        private const int MostListed = 3;
        private const int MostUnusable = 2;
        private const int ShownDigits = 16;

        private ServerView _view = new ServerView();
        private ServerAnswer[] _meaning = Array.Empty<ServerAnswer>();
        private int _first;

        public ServerDialogue() => Page = Make();

        public ServerPage Page { get; private set; }

        /// <returns>True: the page reads otherwise now, and what is held or pointed at is no answer to it.</returns>
        public bool Observe(ServerView view)
        {
            _view = view;
            ServerPage before = Page;
            ServerPage now = Make();
            if (now.Reads(before))
            {
                return false;
            }

            Page = now;
            return true;
        }

        /// <param name="answer">Index into the page's answers.</param>
        public ServerAnswer Answer(int answer)
        {
            if (answer < 0 || answer >= _meaning.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(answer), $"expected 0 … {_meaning.Length - 1}, got {answer}");
            }

            ServerAnswer meant = _meaning[answer];
            if (meant.Step == ServerStep.None)
            {
                _first += MostListed;
                Page = Make();
            }

            return meant;
        }

        private ServerPage Make() => _view.Waiting == null ? Listed() : Asked(_view.Waiting);

        private ServerPage Listed()
        {
            List<ServerLine> lines = new List<ServerLine>
            {
                _view.Configured.Length == 0
                    ? new ServerLine(OperatorTexts.NotConfigured) : new ServerLine(OperatorTexts.Configured, _view.Configured),
            };
            if (_view.Permission == PermissionState.Asking)
            {
                lines.Add(new ServerLine(OperatorTexts.PermissionAsking));
            }

            if (_view.Problem.Length > 0)
            {
                lines.Add(new ServerLine("", _view.Problem, true));
            }

            List<FoundServer> usable = new List<FoundServer>();
            int unusable = 0;
            foreach (FoundServer server in _view.Found)
            {
                if (server.Offer != null)
                {
                    usable.Add(server);
                }
                else if (unusable++ < MostUnusable)
                {
                    lines.Add(new ServerLine(OperatorTexts.Unusable, $"{server.Name} ({server.Problem})", true));
                }
            }

            if (usable.Count == 0 && _view.Permission == PermissionState.Granted)
            {
                lines.Add(new ServerLine(OperatorTexts.NoServer));
            }

            return Bound(OperatorTexts.Servers, lines, Choices(usable));
        }

        /// <summary>Three servers at a time, so that each has a number key or a tile of its own.</summary>
        private List<(ServerLine Line, ServerAnswer Meaning)> Choices(List<FoundServer> usable)
        {
            List<(ServerLine Line, ServerAnswer Meaning)> choices = new List<(ServerLine Line, ServerAnswer Meaning)>();
            _first = _first >= usable.Count ? 0 : _first;
            for (int i = _first; i < usable.Count && i < _first + MostListed; i++)
            {
                ServerOffer offer = usable[i].Offer!;
                choices.Add((new ServerLine("", $"{usable[i].Name}  {Shown(offer.Address)}"), new ServerAnswer(ServerStep.Show, offer)));
            }

            if (usable.Count > MostListed)
            {
                choices.Add((new ServerLine(OperatorTexts.More), new ServerAnswer(ServerStep.None)));
            }

            return choices;
        }

        private ServerPage Asked(ServerOffer offer)
        {
            List<ServerLine> lines = new List<ServerLine> { new ServerLine(OperatorTexts.Address, Shown(offer.Address)) };
            if (offer.StationId.Length > 0)
            {
                lines.Add(new ServerLine(OperatorTexts.Station, offer.StationId));
            }

            if (offer.AuthoritySha256.Length > 0)
            {
                lines.Add(new ServerLine(OperatorTexts.Authority, $"SHA-256 {offer.AuthoritySha256.Substring(0, ShownDigits)}…"));
            }

            List<(ServerLine Line, ServerAnswer Meaning)> choices = new List<(ServerLine Line, ServerAnswer Meaning)>();
            switch (_view.Trust)
            {
                case OfferTrust.KnownAuthority:
                    lines.Add(new ServerLine(OperatorTexts.AuthorityKnown));
                    choices.Add((new ServerLine(OperatorTexts.Yes), new ServerAnswer(ServerStep.Confirm, offer)));
                    break;
                case OfferTrust.PlainText:
                    lines.Add(new ServerLine(OperatorTexts.PlainText, "", true));
                    choices.Add((new ServerLine(OperatorTexts.YesPlain, "", true), new ServerAnswer(ServerStep.Confirm, offer, true)));
                    break;
                default:
                    lines.Add(new ServerLine(OperatorTexts.AuthorityUnknown, "", true));
                    break;
            }

            choices.Add((new ServerLine(OperatorTexts.No), new ServerAnswer(ServerStep.Refuse, offer)));
            return Bound(OperatorTexts.Confirm, lines, choices);
        }

        private ServerPage Bound(string titleKey, List<ServerLine> lines, List<(ServerLine Line, ServerAnswer Meaning)> choices)
        {
            _meaning = choices.ConvertAll(choice => choice.Meaning).ToArray();
            return new ServerPage(titleKey, lines, choices.ConvertAll(choice => choice.Line));
        }

        private static string Shown(Uri address) => address.GetLeftPart(UriPartial.Authority);
    }
}
