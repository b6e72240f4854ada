#nullable enable
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using UnityEngine;
using Yarn;
using Yarn.Unity;

namespace Attune.Components
{
    /// <summary>
    /// Yarn Spinner's variables, with the visitor among them: <c>$attune_eri</c>, <c>$attune_confidence</c> and so on
    /// are numbers, <c>$attune_known</c> and <c>$attune_distress</c> are true or false, <c>$attune_branch_ID</c> is the
    /// branch that a choice took (its identifier with '_' for '-'). They can be read only and are frozen from beat to
    /// beat; the command <c>&lt;&lt;attune_beat ID&gt;&gt;</c> begins the next one.
    /// </summary>
    [AddComponentMenu("Attune/Yarn Variable Storage")]
    public sealed class AttuneVariableStorage : VariableStorageBehaviour
    {
        private const string Prefix = "$attune_";
        private const string BranchPrefix = "$attune_branch_";
        private const string BeatCommand = "attune_beat";

        [SerializeField]
        private StoryListener? listener = null;

        [SerializeField]
        [Tooltip("Gets the command attune_beat. None: the one beside this component.")]
        private DialogueRunner? runner = null;

        private DialogueRunner? _commanded;

        private readonly Dictionary<string, float> _numbers = new Dictionary<string, float>();
        private readonly Dictionary<string, string> _texts = new Dictionary<string, string>();
        private readonly Dictionary<string, bool> _flags = new Dictionary<string, bool>();

        public override bool TryGetValue<T>(string variableName, [NotNullWhen(true)] out T? result)
            where T : default
        {
            object? value = Find(variableName);
            if (value is T found)
            {
                result = found;
                return true;
            }

            // What is declared and not set yet Yarn Spinner knows by itself; what is reckoned from others it leaves to its storage.
            if (value == null && SmartVariableEvaluator != null && GetVariableKind(variableName) == VariableKind.Smart)
            {
                bool known = SmartVariableEvaluator.TryGetSmartVariable(variableName, out T reckoned);
                result = reckoned;
                return known && result != null;
            }

            result = default;
            return false;
        }

        public override void SetValue(string variableName, string stringValue)
        {
            if (MayBeSet(variableName))
            {
                _texts[variableName] = stringValue;
                NotifyVariableChanged(variableName, stringValue);
            }
        }

        public override void SetValue(string variableName, float floatValue)
        {
            if (MayBeSet(variableName))
            {
                _numbers[variableName] = floatValue;
                NotifyVariableChanged(variableName, floatValue);
            }
        }

        public override void SetValue(string variableName, bool boolValue)
        {
            if (MayBeSet(variableName))
            {
                _flags[variableName] = boolValue;
                NotifyVariableChanged(variableName, boolValue);
            }
        }

        public override void Clear()
        {
            _numbers.Clear();
            _texts.Clear();
            _flags.Clear();
        }

        public override bool Contains(string variableName) => Find(variableName) != null;

        public override void SetAllVariables(
            Dictionary<string, float> floats, Dictionary<string, string> strings, Dictionary<string, bool> bools, bool clear = true)
        {
            if (clear)
            {
                Clear();
            }

            Copy(floats, _numbers);
            Copy(strings, _texts);
            Copy(bools, _flags);
        }

        /// <summary>Without the visitor's: they belong to nobody's saved game.</summary>
        public override (Dictionary<string, float> FloatVariables, Dictionary<string, string> StringVariables, Dictionary<string, bool> BoolVariables) GetAllVariables() =>
            (new Dictionary<string, float>(_numbers), new Dictionary<string, string>(_texts), new Dictionary<string, bool>(_flags));

        private void OnEnable()
        {
            _commanded = runner == null ? GetComponent<DialogueRunner>() : runner;
            if (_commanded != null)
            {
                _commanded.AddCommandHandler(BeatCommand, (Action<string>)EnterBeat);
            }
        }

        private void OnDisable()
        {
            if (_commanded != null)
            {
                _commanded.RemoveCommandHandler(BeatCommand);
            }

            _commanded = null;
        }

        private void EnterBeat(string beatId)
        {
            if (listener != null)
            {
                listener.EnterBeat(beatId);
            }
        }

        private static void Copy<T>(Dictionary<string, T> from, Dictionary<string, T> to)
        {
            foreach (KeyValuePair<string, T> one in from)
            {
                to[one.Key] = one.Value;
            }
        }

        private object? Find(string name)
        {
            if (listener != null && StoryVariables.TryRead(listener.Values, name, Prefix, BranchPrefix, out object? value))
            {
                return value;
            }

            return _numbers.TryGetValue(name, out float number) ? number
                : _texts.TryGetValue(name, out string? text) ? text
                : _flags.TryGetValue(name, out bool flag) ? (object)flag : null;
        }

        private bool MayBeSet(string name)
        {
            bool own = !name.StartsWith(Prefix, StringComparison.Ordinal);
            if (!own)
            {
                Debug.LogError($"Attune: {name} tells about the visitor and cannot be set by the story", this);
            }

            return own;
        }
    }
}
