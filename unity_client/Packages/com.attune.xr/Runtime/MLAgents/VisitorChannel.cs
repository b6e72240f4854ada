#nullable enable
using System;
using Unity.MLAgents.SideChannels;

namespace Attune.Components
{
    /// <summary>The side channel to a Python program that sweeps visitors through a scene.</summary>
    internal sealed class VisitorChannel : SideChannel
    {
        private readonly Action<AskedVisitor> _asked;

        public VisitorChannel(Action<AskedVisitor> asked)
        {
            ChannelId = BridgeMessages.Channel;
            _asked = asked;
        }

        public void Send(byte[] message)
        {
            using OutgoingMessage outgoing = new OutgoingMessage();
            outgoing.SetRawBytes(message);
            QueueMessageToSend(outgoing);
        }

        protected override void OnMessageReceived(IncomingMessage msg) =>
            _asked(BridgeMessages.ReadVisitor(msg.GetRawBytes()));
    }
}
