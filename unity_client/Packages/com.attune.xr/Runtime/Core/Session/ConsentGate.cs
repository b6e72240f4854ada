#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>The consent in force on this side. Nothing is allowed until it was granted.</summary>
    internal sealed class ConsentGate
    {
        private ConsentScope[] _scopes;

        public ConsentGate(IEnumerable<ConsentScope> scopes)
        {
            _scopes = Sorted(scopes);
            Revision = 1;
        }

        public uint Revision { get; private set; }

        public IReadOnlyList<ConsentScope> Scopes => _scopes;

        public bool Allows(ConsentScope scope) => Array.IndexOf(_scopes, scope) >= 0;

        /// <summary>Whether a frame of this role may leave the device.</summary>
        public bool Allows(FrameRole role) =>
            (role == FrameRole.Wearer && Allows(ConsentScope.Analyse))
            || (role == FrameRole.Bystanders && Allows(ConsentScope.Bystanders));

        public void Change(IEnumerable<ConsentScope> scopes)
        {
            _scopes = Sorted(scopes);
            Revision++;
        }

        private static ConsentScope[] Sorted(IEnumerable<ConsentScope> scopes)
        {
            SortedSet<ConsentScope> set = new SortedSet<ConsentScope>(scopes);
            if (set.Contains(ConsentScope.Unspecified))
            {
                throw new ArgumentException("ConsentScope.Unspecified grants nothing; leave it out");
            }

            ConsentScope[] sorted = new ConsentScope[set.Count];
            set.CopyTo(sorted);
            return sorted;
        }
    }
}
