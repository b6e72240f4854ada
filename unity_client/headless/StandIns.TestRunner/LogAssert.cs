// Reference stand-ins for an API check; see StandIns/UnityEngine.cs. Of Unity's Test Framework: expected messages.
using System;
using System.Text.RegularExpressions;

namespace UnityEngine.TestTools
{
    public static class LogAssert
    {
        public static void Expect(LogType type, Regex message) => throw new NotSupportedException();
    }
}
