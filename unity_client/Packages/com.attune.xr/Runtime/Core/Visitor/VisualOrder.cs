#nullable enable
using System.Collections.Generic;
using System.Text;

namespace Attune
{
    /// <summary>
    /// The order in which one line of a right-to-left paragraph is drawn, for text components that draw characters
    /// from left to right as they come: Unicode's bidirectional algorithm (UAX #9) for one line, without explicit
    /// embeddings and isolates, whose invisible characters are left out.
    /// </summary>
    public static class VisualOrder
    {
        private const string Mirrored = "()[]{}<>«»‹›≤≥";
        private const string Brackets = "()[]{}";

        /// <summary>Whether anything in the text is written from right to left.</summary>
        public static bool IsNeeded(string text)
        {
            foreach (char one in text)
            {
                Direction direction = Directions.Of(one);
                if (direction == Direction.Right || direction == Direction.ArabicLetter)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>The characters of a line from left to right; brackets are mirrored, marks stay behind their letters.</summary>
        public static string Of(string line)
        {
            List<string> signs = Signs(line);
            Direction[] directions = new Direction[signs.Count];
            for (int i = 0; i < directions.Length; i++)
            {
                directions[i] = Directions.Of(signs[i]);
            }

            Weak(directions);
            PairedBrackets(signs, directions);
            Neutral(directions);
            return Reordered(signs, directions);
        }

        /// <summary>Letters with the marks behind them, and pairs of surrogates, as one.</summary>
        private static List<string> Signs(string line)
        {
            List<string> signs = new List<string>(line.Length);
            int at = 0;
            while (at < line.Length)
            {
                int begin = at++;
                if (Directions.IsInvisible(line[begin]))
                {
                    continue;
                }

                while (at < line.Length && (char.IsLowSurrogate(line[at]) || Directions.IsMark(line[at])))
                {
                    at++;
                }

                signs.Add(line.Substring(begin, at - begin));
            }

            return signs;
        }

        /// <summary>Rules W2 to W7: what digits and the signs between them belong to.</summary>
        private static void Weak(Direction[] all)
        {
            Direction strong = Direction.Right;
            for (int i = 0; i < all.Length; i++)
            {
                if (all[i] == Direction.Digit && strong == Direction.ArabicLetter)
                {
                    all[i] = Direction.ArabicDigit;
                }
                else if (all[i] <= Direction.ArabicLetter)
                {
                    strong = all[i];
                }
            }

            for (int i = 1; i + 1 < all.Length; i++)
            {
                bool between = all[i - 1] == all[i + 1];
                bool european = all[i - 1] == Direction.Digit && (all[i] == Direction.Plus || all[i] == Direction.Separator);
                bool arabic = all[i - 1] == Direction.ArabicDigit && all[i] == Direction.Separator;
                all[i] = between && (european || arabic) ? all[i - 1] : all[i];
            }

            UnitsOfNumbers(all);
            strong = Direction.Right;
            for (int i = 0; i < all.Length; i++)
            {
                if (all[i] == Direction.Digit && strong == Direction.Left)
                {
                    all[i] = Direction.Left;
                }
                else if (all[i] == Direction.ArabicLetter)
                {
                    all[i] = Direction.Right;
                }

                strong = all[i] <= Direction.ArabicLetter ? all[i] : strong;
                all[i] = all[i] >= Direction.Plus ? Direction.Neutral : all[i];
            }
        }

        /// <summary>Rule W5: a percent sign stays at its number.</summary>
        private static void UnitsOfNumbers(Direction[] all)
        {
            for (int begin = 0; begin < all.Length; begin++)
            {
                int end = begin;
                while (end < all.Length && all[end] == Direction.Unit)
                {
                    end++;
                }

                bool atNumber = (begin > 0 && all[begin - 1] == Direction.Digit) || (end < all.Length && all[end] == Direction.Digit);
                for (int i = begin; i < end; i++)
                {
                    all[i] = atNumber ? Direction.Digit : Direction.Unit;
                }

                begin = end > begin ? end - 1 : begin;
            }
        }

        /// <summary>Rule N0: a pair of brackets goes with what it holds.</summary>
        private static void PairedBrackets(List<string> signs, Direction[] all)
        {
            foreach ((int open, int close) in Pairs(signs, all))
            {
                bool left = false;
                bool right = false;
                for (int i = open + 1; i < close; i++)
                {
                    left |= all[i] == Direction.Left;
                    right |= IsRight(all[i]);
                }

                if (left || right)
                {
                    Direction found = right || StrongBefore(all, open) == Direction.Right ? Direction.Right : Direction.Left;
                    all[open] = found;
                    all[close] = found;
                }
            }
        }

        private static List<(int Open, int Close)> Pairs(List<string> signs, Direction[] all)
        {
            List<(int Open, int Close)> pairs = new List<(int Open, int Close)>();
            List<int> open = new List<int>();
            for (int i = 0; i < all.Length; i++)
            {
                int kind = all[i] == Direction.Neutral ? Brackets.IndexOf(signs[i][0]) : -1;
                if (kind >= 0 && kind % 2 == 0)
                {
                    open.Add(i);
                }
                else if (kind > 0)
                {
                    int match = open.FindLastIndex(at => signs[at][0] == Brackets[kind - 1]);
                    if (match >= 0)
                    {
                        pairs.Add((open[match], i));
                        open.RemoveRange(match, open.Count - match);
                    }
                }
            }

            pairs.Sort();
            return pairs;
        }

        private static Direction StrongBefore(Direction[] all, int at)
        {
            for (int i = at - 1; i >= 0; i--)
            {
                if (all[i] != Direction.Neutral)
                {
                    return IsRight(all[i]) ? Direction.Right : Direction.Left;
                }
            }

            return Direction.Right;
        }

        /// <summary>Rules N1 and N2: what stands between two left-to-right runs belongs to them.</summary>
        private static void Neutral(Direction[] all)
        {
            int begin = 0;
            while (begin < all.Length)
            {
                int end = begin;
                while (end < all.Length && all[end] == Direction.Neutral)
                {
                    end++;
                }

                bool left = begin > 0 && all[begin - 1] == Direction.Left && end < all.Length && all[end] == Direction.Left;
                for (int i = begin; i < end; i++)
                {
                    all[i] = left ? Direction.Left : Direction.Right;
                }

                begin = end + 1;
            }
        }

        /// <summary>Rule L2 for the two levels that there are: runs from the right, numbers and Latin words kept.</summary>
        private static string Reordered(List<string> signs, Direction[] all)
        {
            StringBuilder drawn = new StringBuilder();
            int end = all.Length;
            while (end > 0)
            {
                int begin = end - 1;
                while (all[end - 1] != Direction.Right && begin > 0 && all[begin - 1] != Direction.Right)
                {
                    begin--;
                }

                for (int i = begin; i < end; i++)
                {
                    drawn.Append(all[i] == Direction.Right ? Mirror(signs[i]) : signs[i]);
                }

                end = begin;
            }

            return drawn.ToString();
        }

        private static bool IsRight(Direction one) =>
            one == Direction.Right || one == Direction.Digit || one == Direction.ArabicDigit;

        private static string Mirror(string sign)
        {
            int at = Mirrored.IndexOf(sign[0]);
            return at < 0 ? sign : Mirrored[at ^ 1] + sign.Substring(1);
        }
    }
}
