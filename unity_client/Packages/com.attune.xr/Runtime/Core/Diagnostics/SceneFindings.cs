#nullable enable
using System.Collections.Generic;

namespace Attune
{
    /// <summary>What is wrong with the set-up of a scene, as inspectors show it.</summary>
    public sealed class SceneFindings
    {
        private SceneFindings(IReadOnlyList<Row> rows) => Rows = rows;

        /// <summary>One finding each; those that warn need somebody.</summary>
        public IReadOnlyList<Row> Rows { get; }

        /// <summary>Of a session.</summary>
        public static SceneFindings Of(bool hasServer, bool hasSimulatedVisitor, bool hasScenario, bool hasHead, bool hasTransport)
        {
            List<Row> rows = new List<Row>();
            if (hasSimulatedVisitor)
            {
                rows.Add(new Row("visitor", "A simulated visitor plays; the server is not asked. What it shows means nothing about anybody."));
            }
            else if (!hasServer)
            {
                rows.Add(new Row("server", "Without a server the story is played with its authored defaults."));
            }
            else if (!hasTransport)
            {
                rows.Add(new Row(
                    "transport", "No way to a server is installed: the story is played with its defaults. The documentation says which two "
                    + "packages to install.", true));
            }

            if (hasServer && !hasScenario)
            {
                rows.Add(new Row("scenario", "Give it the scenario that the server knows; without one there are no decisions.", true));
            }

            if (!hasHead)
            {
                rows.Add(new Row("head", "Without a head no pose is sent, and attention counts as given.", true));
            }

            return new SceneFindings(rows);
        }

        /// <summary>Of a choice point, a sentence each.</summary>
        public static IReadOnlyList<string> OfChoice(string choiceId, string defaultBranch, IReadOnlyList<string> branches)
        {
            List<string> problems = new List<string>();
            if (choiceId.Length == 0)
            {
                problems.Add("expected the choice's identifier in the scenario, got nothing");
            }

            HashSet<string> known = new HashSet<string>();
            foreach (string branch in branches)
            {
                if (branch.Length == 0)
                {
                    problems.Add("expected an identifier for every branch, got an empty one");
                }
                else if (!known.Add(branch))
                {
                    problems.Add($"branch '{branch}' stands there twice: only the first is played");
                }
            }

            if (!known.Contains(defaultBranch))
            {
                problems.Add(
                    $"expected one of the branches as default ({(known.Count == 0 ? "there are none" : string.Join(", ", known))}), "
                    + $"got '{defaultBranch}'");
            }

            return problems;
        }
    }
}
