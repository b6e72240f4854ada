#nullable enable
using Unity.MLAgents;
using Unity.MLAgents.Sensors;
using Unity.MLAgents.SideChannels;
using UnityEngine;
using UnityEngine.Events;

namespace Attune.Components
{
    /// <summary>
    /// Lets a Python program send simulated visitors through this scene and hear what became of them. An agent without a
    /// task: ML-Agents exchanges messages when one asks for a decision. Time is real: the simulated visitor does not run
    /// faster than the scene's clock, so several instances are run beside one another instead.
    /// </summary>
    [AddComponentMenu("Attune/Visitor Sweep")]
    public sealed class VisitorSweep : Agent
    {
        [SerializeField]
        private AttuneSession? session = null;

        [SerializeField]
        [Tooltip("The visitor that takes the traits; the session plays the same one.")]
        private AttuneSimulatedVisitor? visitor = null;

        [SerializeField]
        [Tooltip("A visitor has come and the session has begun: the story starts here.")]
        private UnityEvent began = new UnityEvent();

        private VisitorChannel? _channel;
        private AskedVisitor? _next;
        private int _seed;
        private StateUpdate? _latest;

        /// <summary>For the event at the end of the story.</summary>
        public void EndStory()
        {
            _channel?.Send(BridgeMessages.Over(_seed));
            if (session != null)
            {
                session.Finish(EndReason.Finished);
            }
        }

        public override void CollectObservations(VectorSensor sensor)
        {
            EmpathyState state = _latest == null ? new EmpathyState() : _latest.Empathy;
            sensor.AddObservation(state.Eri / 100);
            sensor.AddObservation(state.Confidence);
            sensor.AddObservation(state.Valence);
            sensor.AddObservation(state.Arousal);
        }

        protected override void OnEnable()
        {
            base.OnEnable();
            _channel = new VisitorChannel(asked => _next = asked);
            SideChannelManager.RegisterSideChannel(_channel);
            if (session != null)
            {
                session.Settled += Tell;
                session.Updated.AddListener(Tell);
            }
        }

        protected override void OnDisable()
        {
            if (session != null)
            {
                session.Settled -= Tell;
                session.Updated.RemoveListener(Tell);
            }

            if (visitor != null)
            {
                visitor.BeAsAuthored();
            }

            SideChannelManager.UnregisterSideChannel(_channel);
            base.OnDisable();
        }

        private void FixedUpdate()
        {
            if (_next is AskedVisitor asked && session != null && visitor != null)
            {
                _next = null;
                _latest = null;
                _seed = asked.Seed;
                visitor.Become(asked.Traits, asked.Seed);
                session.Begin($"simulated-{asked.Seed}", new[] { ConsentScope.Analyse });
                began.Invoke();
            }

            RequestDecision();
        }

        private void Tell(ChoiceSettled settled) => _channel?.Send(BridgeMessages.Choice(settled));

        private void Tell(StateUpdate update)
        {
            _latest = update;
            _channel?.Send(BridgeMessages.State(update));
        }
    }
}
