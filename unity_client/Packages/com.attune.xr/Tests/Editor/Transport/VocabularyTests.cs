#nullable enable
using System;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    public sealed class VocabularyTests
    {
        [Test]
        public void CoresEnumerationsAreThoseOfTheContract()
        {
            Type[] own = typeof(AttuneClient).Assembly.GetTypes()
                .Where(type => type.IsEnum && type.IsPublic && ContractsOf(type) != null).ToArray();
            Assert.That(own.Length, Is.EqualTo(21));
            foreach (Type type in own)
            {
                Assert.That(Members(type), Is.EqualTo(Members(ContractsOf(type)!)), type.Name);
            }
        }

        private static Type? ContractsOf(Type type) =>
            typeof(V1.ClientMessage).Assembly.GetType("Attune.V1." + type.Name);

        private static string[] Members(Type type) =>
            Enum.GetValues(type).Cast<object>().Select(value => $"{value} = {(int)value}").ToArray();
    }
}
