#nullable enable
using UnityEngine;

namespace Attune.Components
{
    /// <summary>A visitor that this device plays, instead of one that a server watches.</summary>
    public abstract class AttuneLocalVisitor : ScriptableObject
    {
        /// <summary>A fresh one, for one session.</summary>
        /// <exception cref="System.FormatException">What it is made from cannot be read.</exception>
        public abstract ILocalVisitor Begin();
    }
}
