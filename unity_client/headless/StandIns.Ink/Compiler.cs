using System;

namespace Ink
{
    /// <summary>Reference stand-in for an API check: the members of ink's compiler 1.1 in use.</summary>
    public class Compiler
    {
        public Compiler(string inkSource, Options options = null)
        {
        }

        public Runtime.Story Compile() => throw new NotSupportedException();

        public class Options
        {
        }
    }
}

namespace Ink.Runtime
{
    public partial class Story
    {
        public bool canContinue => throw new NotSupportedException();

        public string Continue() => throw new NotSupportedException();
    }
}
