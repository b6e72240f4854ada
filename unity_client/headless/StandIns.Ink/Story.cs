using System;

namespace Ink.Runtime
{
    /// <summary>Reference stand-in for an API check: the members of ink's runtime 1.1 in use.</summary>
    public partial class Story
    {
        public Story(string jsonString)
        {
        }

        public void BindExternalFunction<T>(string funcName, Func<T, object> func, bool lookaheadSafe = false) =>
            throw new NotSupportedException();

        public void BindExternalFunction<T>(string funcName, Action<T> act, bool lookaheadSafe = false) =>
            throw new NotSupportedException();
    }
}
