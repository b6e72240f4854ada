#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>
    /// Unity's Test Framework carries a fork of NUnit 3.5. What the shared tests use of NUnit must exist there;
    /// a member that is not listed yet is looked up in NUnit 3.5 before it is added.
    /// </summary>
    public sealed class UnityTestFrameworkTests
    {
        private static readonly HashSet<string> Listed = new HashSet<string>
        {
            "Assert.That", "Assert.Throws", "Constraint.get_And", "Constraint.get_Or",
            "ConstraintExpression.Contain", "ConstraintExpression.Contains", "ConstraintExpression.EqualTo",
            "ConstraintExpression.Member", "ConstraintExpression.get_Empty", "ConstraintExpression.get_No",
            "ConstraintExpression.get_Null", "Does.Contain", "Does.EndWith", "Does.StartWith", "Does.get_Not",
            "EqualConstraint.Within", "Has.get_Count", "Is.EqualTo", "Is.EquivalentTo", "Is.GreaterThan",
            "Is.InRange", "Is.InstanceOf", "Is.LessThan", "Is.LessThanOrEqualTo", "Is.SameAs", "Is.SubsetOf", "Is.get_All",
            "Is.get_Empty", "Is.get_False", "Is.get_Not", "Is.get_Null", "Is.get_True", "Is.get_Unique",
            "Is.get_Zero", "RangeAttribute..ctor", "SetUpAttribute..ctor", "TearDownAttribute..ctor",
            "TestAttribute..ctor", "TestCaseAttribute..ctor", "TestDelegate..ctor", "Throws.InstanceOf",
            "Throws.get_InvalidOperationException", "TimeoutAttribute..ctor",
        };

        [TestCase("Attune.Tests.dll")]
        [TestCase("Attune.Tests.Runtime.dll")]
        public void TestsThatUnityRunsUseOnlyMembersOfItsNUnit(string tests)
        {
            string[] used = Used(tests).Distinct().OrderBy(name => name, StringComparer.Ordinal).ToArray();
            Assert.That(used.Length, Is.GreaterThan(5));
            Assert.That(string.Join(" ", used.Where(name => !Listed.Contains(name))), Is.Empty);
        }

        private static IEnumerable<string> Used(string tests)
        {
            using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, tests));
            using PEReader image = new PEReader(file);
            MetadataReader metadata = image.GetMetadataReader();
            foreach (MemberReferenceHandle handle in metadata.MemberReferences)
            {
                MemberReference member = metadata.GetMemberReference(handle);
                if (member.Parent.Kind == HandleKind.TypeReference)
                {
                    TypeReference type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent);
                    if (IsNUnits(metadata, type))
                    {
                        yield return $"{metadata.GetString(type.Name)}.{metadata.GetString(member.Name)}";
                    }
                }
            }
        }

        private static bool IsNUnits(MetadataReader metadata, TypeReference type)
        {
            if (type.ResolutionScope.Kind != HandleKind.AssemblyReference)
            {
                return false;
            }

            AssemblyReference assembly = metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope);
            return metadata.GetString(assembly.Name) == "nunit.framework";
        }
    }
}
