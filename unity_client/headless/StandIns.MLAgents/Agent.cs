// Reference stand-ins for an API check, written by hand: exactly the public signatures of the ML-Agents package 2.0
// that this package uses, without behaviour. They never run.
using System;
using UnityEngine;

namespace Unity.MLAgents
{
    public partial class Agent : MonoBehaviour
    {
        public virtual void CollectObservations(Sensors.VectorSensor sensor) => throw new NotSupportedException();

        public void RequestDecision() => throw new NotSupportedException();

        protected virtual void OnEnable() => throw new NotSupportedException();

        protected virtual void OnDisable() => throw new NotSupportedException();
    }
}

namespace Unity.MLAgents.Sensors
{
    public class VectorSensor
    {
        public void AddObservation(float observation) => throw new NotSupportedException();
    }
}

namespace Unity.MLAgents.SideChannels
{
    public abstract class SideChannel
    {
        public Guid ChannelId { get; protected set; }

        protected abstract void OnMessageReceived(IncomingMessage msg);

        protected void QueueMessageToSend(OutgoingMessage msg) => throw new NotSupportedException();
    }

    public static class SideChannelManager
    {
        public static void RegisterSideChannel(SideChannel sideChannel) => throw new NotSupportedException();

        public static void UnregisterSideChannel(SideChannel sideChannel) => throw new NotSupportedException();
    }

    public class IncomingMessage : IDisposable
    {
        public byte[] GetRawBytes() => throw new NotSupportedException();

        public void Dispose() => throw new NotSupportedException();
    }

    public class OutgoingMessage : IDisposable
    {
        public OutgoingMessage()
        {
        }

        public void SetRawBytes(byte[] data) => throw new NotSupportedException();

        public void Dispose() => throw new NotSupportedException();
    }
}
