#nullable enable
using System;
using UnityEngine;

namespace Yarn.Unity
{
    /// <summary>Reference stand-in for an API check: the members of Yarn Spinner 3 for Unity in use.</summary>
    public sealed class DialogueRunner : MonoBehaviour
    {
        public void AddCommandHandler(string commandName, Delegate handler) => throw new NotSupportedException();

        public void RemoveCommandHandler(string commandName) => throw new NotSupportedException();
    }
}
