#nullable enable
using System;
using System.Collections.Generic;
using System.Reflection;
using Attune.Components;
using NUnit.Framework;
using UnityEngine;
using UnityEngine.Events;

namespace Attune.Tests
{
    /// <summary>A session at the root of a scene of its own, with components below it as an author would place them.</summary>
    internal sealed class PlayedScene : IDisposable
    {
        private readonly GameObject _root = new GameObject("Attune test");
        private readonly GameObject _beside = new GameObject("beside the session");

        public PlayedScene() => Session = _root.AddComponent<AttuneSession>();

        public AttuneSession Session { get; }

        public AttuneClient Client => Session.Client!;

        /// <summary>What is typed into the inspector in an editor.</summary>
        public static void Assign(object component, string field, object value)
        {
            FieldInfo? found = component.GetType().GetField(field, BindingFlags.Instance | BindingFlags.NonPublic);
            Assert.That(found, Is.Not.Null, $"{component.GetType().Name} has no field '{field}'");
            found!.SetValue(component, value);
        }

        /// <summary>The text that is drawn at or below a component; empty while there is none.</summary>
        public static string Text(Component at)
        {
            TextMesh text = at.GetComponentInChildren<TextMesh>();
            return text == null ? "" : text.text;
        }

        /// <summary>This device plays the visitors from now on.</summary>
        public void PlayVisitorsHere() =>
            Assign(Session, "simulatedVisitor", ScriptableObject.CreateInstance<AttuneSimulatedVisitor>());

        /// <summary>As the system tells every component.</summary>
        public void PauseApplication(bool paused) =>
            typeof(AttuneSession).GetMethod("OnApplicationPause", BindingFlags.Instance | BindingFlags.NonPublic)!
                .Invoke(Session, new object[] { paused });

        public void Begin(params ConsentScope[] consent) => Session.Begin("visitor", consent);

        /// <summary>A component that is not enabled yet, so that its fields can be assigned.</summary>
        public T Place<T>()
            where T : Component
        {
            GameObject place = new GameObject(typeof(T).Name);
            place.SetActive(false);
            place.transform.SetParent(_root.transform, false);
            return place.AddComponent<T>();
        }

        /// <summary>As in a scene that is loaded beside the session's.</summary>
        public void PutBeside(Component placed) => placed.transform.SetParent(_beside.transform, false);

        /// <summary>The story enters a beat.</summary>
        public void Enter(string beatId)
        {
            BeatMarker beat = Place<BeatMarker>();
            Assign(beat, "beatId", beatId);
            beat.gameObject.SetActive(true);
        }

        /// <param name="played">Takes the identifier of every branch that is played.</param>
        public ChoicePoint Choice(string choiceId, string defaultBranch, float patienceS, List<string> played, params string[] branches)
        {
            ChoicePoint choice = Place<ChoicePoint>();
            Assign(choice, "choiceId", choiceId);
            Assign(choice, "defaultBranch", defaultBranch);
            Assign(choice, "patience", patienceS);
            Type kind = typeof(ChoicePoint).GetNestedType("Branch", BindingFlags.NonPublic)!;
            Array authored = Array.CreateInstance(kind, branches.Length);
            for (int i = 0; i < branches.Length; i++)
            {
                string id = branches[i];
                UnityEvent plays = new UnityEvent();
                plays.AddListener(() => played.Add(id));
                object branch = Activator.CreateInstance(kind, true)!;
                Assign(branch, "id", id);
                Assign(branch, "played", plays);
                authored.SetValue(branch, i);
            }

            Assign(choice, "branches", authored);
            choice.gameObject.SetActive(true);
            return choice;
        }

        /// <summary>Everything is disabled at the return, and destroyed with this frame.</summary>
        public void Dispose()
        {
            _root.SetActive(false);
            _beside.SetActive(false);
            UnityEngine.Object.Destroy(_root);
            UnityEngine.Object.Destroy(_beside);
        }
    }
}
