// Reference stand-ins for an API check; see StandIns/UnityEngine.cs. Of Unity's Test Framework, which carries NUnit.
using System;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace UnityEngine.TestTools
{
    [AttributeUsage(AttributeTargets.Method)]
    public class UnityTestAttribute : CombiningStrategyAttribute, IImplyFixture, ISimpleTestBuilder, ITestBuilder, IApplyToTest
    {
        public UnityTestAttribute()
            : base(default(ICombiningStrategy), default(IParameterDataProvider))
        {
        }

        NUnit.Framework.Internal.TestMethod ISimpleTestBuilder.BuildFrom(IMethodInfo method, NUnit.Framework.Internal.Test suite) =>
            throw new NotSupportedException();
    }
}
