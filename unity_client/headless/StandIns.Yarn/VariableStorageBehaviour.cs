#nullable enable
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using UnityEngine;

namespace Yarn.Unity
{
    /// <summary>Reference stand-in for an API check: the members of Yarn Spinner 3 for Unity in use.</summary>
    public abstract class VariableStorageBehaviour : MonoBehaviour
    {
        public ISmartVariableEvaluator? SmartVariableEvaluator { get; set; }

        public VariableKind GetVariableKind(string name) => throw new NotSupportedException();

        public abstract bool TryGetValue<T>(string variableName, [NotNullWhen(true)] out T? result);

        public abstract void SetValue(string variableName, string stringValue);

        public abstract void SetValue(string variableName, float floatValue);

        public abstract void SetValue(string variableName, bool boolValue);

        protected void NotifyVariableChanged<T>(string variableName, T newValue) => throw new NotSupportedException();

        public abstract void Clear();

        public abstract bool Contains(string variableName);

        public abstract void SetAllVariables(
            Dictionary<string, float> floats, Dictionary<string, string> strings, Dictionary<string, bool> bools, bool clear = true);

        public abstract (Dictionary<string, float> FloatVariables, Dictionary<string, string> StringVariables, Dictionary<string, bool> BoolVariables) GetAllVariables();
    }
}
