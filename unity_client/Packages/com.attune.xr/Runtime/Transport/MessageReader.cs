#nullable enable
using System;
using System.IO;
using Google.Protobuf;

namespace Attune.Transport
{
    /// <summary>What came is no message of this method.</summary>
    internal sealed class UnreadableMessageException : Exception
    {
        public UnreadableMessageException(GrpcStatusCode code, string detail, Exception? cause = null)
            : base(detail, cause) => Code = code;

        public GrpcStatusCode Code { get; }
    }

    /// <summary>Cuts the body of an answer into messages. One thread; its buffer is used again.</summary>
    internal sealed class MessageReader<TMessage>
        where TMessage : class, IMessage<TMessage>
    {
        private readonly byte[] _prefix = new byte[GrpcWire.PrefixBytes];
        private readonly Stream _stream;
        private readonly MessageParser<TMessage> _parser;
        private readonly string _encoding;
        private readonly int _limit;
        private byte[] _buffer = new byte[4096];

        public MessageReader(Stream stream, MessageParser<TMessage> parser, string encoding, int limit)
        {
            _stream = stream;
            _parser = parser;
            _encoding = encoding;
            _limit = limit;
        }

        /// <summary>The next message; null: the body ended after the last one.</summary>
        /// <exception cref="EndOfStreamException">The body ended within a message.</exception>
        /// <exception cref="UnreadableMessageException">Too large, damaged or packed in an unknown way.</exception>
        public TMessage? Read()
        {
            if (!Fill(_prefix, GrpcWire.PrefixBytes, atBoundary: true))
            {
                return null;
            }

            uint length = GrpcWire.ReadLength(_prefix);
            if (length > _limit)
            {
                throw new UnreadableMessageException(
                    GrpcStatusCode.ResourceExhausted, $"a message of {length} bytes came; at most {_limit} are read");
            }

            int size = (int)length;
            if (_buffer.Length < size)
            {
                _buffer = new byte[Math.Min((long)size * 3 / 2, _limit)];
            }

            Fill(_buffer, size, atBoundary: false);
            try
            {
                return _prefix[0] == 0 ? _parser.ParseFrom(_buffer.AsSpan(0, size)) : _parser.ParseFrom(Unpack(size));
            }
            catch (InvalidProtocolBufferException exception)
            {
                throw new UnreadableMessageException(
                    GrpcStatusCode.Internal, $"a message could not be read: {exception.Message}", exception);
            }
        }

        private bool Fill(byte[] buffer, int count, bool atBoundary)
        {
            int filled = 0;
            while (filled < count)
            {
                int read = _stream.Read(buffer, filled, count - filled);
                if (read == 0)
                {
                    return atBoundary && filled == 0 ? false : throw new EndOfStreamException();
                }

                filled += read;
            }

            return true;
        }

        /// <summary>Some servers compress without being asked; gzip is read, with the same limit.</summary>
        private byte[] Unpack(int size)
        {
            if (_encoding != "gzip")
            {
                throw new UnreadableMessageException(
                    GrpcStatusCode.Internal, $"a message came compressed with '{_encoding}'; only gzip is read");
            }

            try
            {
                return GrpcWire.Unzip(_buffer, size, _limit)
                    ?? throw new UnreadableMessageException(
                        GrpcStatusCode.ResourceExhausted, $"a message unpacks to more than {_limit} bytes");
            }
            catch (InvalidDataException exception)
            {
                throw new UnreadableMessageException(
                    GrpcStatusCode.Internal, $"a message could not be unpacked: {exception.Message}", exception);
            }
        }
    }
}
