#nullable enable
using System;
using System.Collections.Generic;
using System.Net.Http.Headers;

namespace Attune.Transport
{
    /// <summary>
    /// Metadata of a call, in order. Keys are lower case; the value of a key that ends in <c>-bin</c> is
    /// bytes, every other value is printable ASCII.
    /// </summary>
    public sealed class GrpcMetadata
    {
        private readonly List<KeyValuePair<string, string>> _entries = new List<KeyValuePair<string, string>>();

        /// <summary>Key and value as they travel: bytes in base64.</summary>
        public IReadOnlyList<KeyValuePair<string, string>> Entries => _entries;

        /// <summary>Adds text; refuses keys and values that HTTP/2 would not carry unchanged.</summary>
        public GrpcMetadata Add(string key, string value)
        {
            CheckKey(key);
            if (IsBinary(key))
            {
                throw new ArgumentException($"the value of '{key}' is bytes: use the other overload", nameof(value));
            }

            foreach (char letter in value)
            {
                if (letter < ' ' || letter > '~')
                {
                    throw new ArgumentException(
                        $"the value of '{key}' holds U+{(int)letter:X4}; only printable ASCII can be sent: use a -bin key",
                        nameof(value));
                }
            }

            _entries.Add(new KeyValuePair<string, string>(key, value));
            return this;
        }

        /// <summary>Adds bytes under a key that ends in <c>-bin</c>.</summary>
        public GrpcMetadata Add(string key, byte[] value)
        {
            CheckKey(key);
            if (!IsBinary(key))
            {
                throw new ArgumentException($"'{key}' must end in -bin to carry bytes", nameof(key));
            }

            _entries.Add(new KeyValuePair<string, string>(key, Convert.ToBase64String(value).TrimEnd('=')));
            return this;
        }

        /// <summary>The first value of a key; null: none.</summary>
        public string? Text(string key)
        {
            foreach (KeyValuePair<string, string> entry in _entries)
            {
                if (entry.Key == key)
                {
                    return entry.Value;
                }
            }

            return null;
        }

        /// <summary>The first value of a <c>-bin</c> key; null: none, or not base64.</summary>
        public byte[]? Bytes(string key)
        {
            string? text = Text(key);
            if (text == null)
            {
                return null;
            }

            string padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
            byte[] bytes = new byte[padded.Length / 4 * 3];
            return Convert.TryFromBase64String(padded, bytes, out int count) ? bytes.AsSpan(0, count).ToArray() : null;
        }

        internal static GrpcMetadata From(HttpHeaders headers)
        {
            GrpcMetadata metadata = new GrpcMetadata();
            foreach (KeyValuePair<string, IEnumerable<string>> header in headers)
            {
                string key = header.Key.ToLowerInvariant();
                foreach (string value in header.Value)
                {
                    // Values of a repeated binary key may arrive joined by commas.
                    foreach (string part in IsBinary(key) ? value.Split(',') : new[] { value })
                    {
                        metadata._entries.Add(new KeyValuePair<string, string>(key, part.Trim()));
                    }
                }
            }

            return metadata;
        }

        private static bool IsBinary(string key) => key.EndsWith("-bin", StringComparison.Ordinal);

        private static void CheckKey(string key)
        {
            if (key.Length == 0 || key.StartsWith("grpc-", StringComparison.Ordinal))
            {
                throw new ArgumentException($"'{key}' is empty or reserved by gRPC", nameof(key));
            }

            foreach (char letter in key)
            {
                bool allowed = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')
                    || letter == '-' || letter == '_' || letter == '.';
                if (!allowed)
                {
                    throw new ArgumentException($"'{key}' may hold only a-z, 0-9, '-', '_' and '.'", nameof(key));
                }
            }
        }
    }
}
