#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Net;
using System.Net.Http;
using System.Text;

namespace Attune.Transport
{
    /// <summary>
    /// What gRPC adds to HTTP/2, as functions of values: the five bytes before each message, the timeout
    /// header, and the status in headers or trailers (see PROTOCOL-HTTP2 of the gRPC project).
    /// </summary>
    internal static class GrpcWire
    {
        public const int PrefixBytes = 5;

        /// <summary>Writes the prefix of an uncompressed message.</summary>
        public static void WritePrefix(Span<byte> prefix, int messageBytes)
        {
            prefix[0] = 0;
            prefix[1] = (byte)(messageBytes >> 24);
            prefix[2] = (byte)(messageBytes >> 16);
            prefix[3] = (byte)(messageBytes >> 8);
            prefix[4] = (byte)messageBytes;
        }

        /// <summary>Length of the message behind a prefix; the first byte says whether it is compressed.</summary>
        public static uint ReadLength(ReadOnlySpan<byte> prefix) =>
            ((uint)prefix[1] << 24) | ((uint)prefix[2] << 16) | ((uint)prefix[3] << 8) | prefix[4];

        /// <summary>Undoes gzip; null: more than <paramref name="limit"/> bytes.</summary>
        public static byte[]? Unzip(byte[] packed, int size, int limit)
        {
            using GZipStream gzip = new GZipStream(new MemoryStream(packed, 0, size), CompressionMode.Decompress);
            using MemoryStream unpacked = new MemoryStream();
            byte[] part = new byte[4096];
            for (int read = gzip.Read(part, 0, part.Length); read > 0; read = gzip.Read(part, 0, part.Length))
            {
                if (unpacked.Length + read > limit)
                {
                    return null;
                }

                unpacked.Write(part, 0, read);
            }

            return unpacked.ToArray();
        }

        /// <summary>Value of <c>grpc-timeout</c>: at most eight digits and a unit, rounded up.</summary>
        public static string Timeout(TimeSpan timeout)
        {
            long microseconds = Math.Max(1, (timeout.Ticks + 9) / 10);
            if (microseconds <= 99_999_999)
            {
                return microseconds.ToString(CultureInfo.InvariantCulture) + "u";
            }

            long milliseconds = (microseconds + 999) / 1000;
            if (milliseconds <= 99_999_999)
            {
                return milliseconds.ToString(CultureInfo.InvariantCulture) + "m";
            }

            long seconds = Math.Min(99_999_999, (milliseconds + 999) / 1000);
            return seconds.ToString(CultureInfo.InvariantCulture) + "S";
        }

        /// <summary>
        /// Undoes the percent-encoding of <c>grpc-message</c>. What is no valid encoding stays as it is: a
        /// message for people is never a reason to fail.
        /// </summary>
        public static string PercentDecode(string text)
        {
            if (text.IndexOf('%') < 0)
            {
                return text;
            }

            byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
            int count = 0;
            for (int i = 0; i < text.Length; i++)
            {
                bool encoded = text[i] == '%' && i + 2 < text.Length
                    && Uri.IsHexDigit(text[i + 1]) && Uri.IsHexDigit(text[i + 2]);
                if (encoded)
                {
                    bytes[count++] = (byte)((Uri.FromHex(text[i + 1]) << 4) | Uri.FromHex(text[i + 2]));
                    i += 2;
                }
                else
                {
                    count += Encoding.UTF8.GetBytes(text, i, 1, bytes, count);
                }
            }

            return Encoding.UTF8.GetString(bytes, 0, count);
        }

        /// <summary>The status that headers or trailers carry; null: they carry none.</summary>
        public static GrpcStatus? StatusIn(GrpcMetadata metadata)
        {
            string? code = metadata.Text("grpc-status");
            if (code == null)
            {
                return null;
            }

            string detail = PercentDecode(metadata.Text("grpc-message") ?? "");
            bool known = int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && number <= (int)GrpcStatusCode.Unauthenticated;
            return known
                ? new GrpcStatus((GrpcStatusCode)number, detail)
                : new GrpcStatus(GrpcStatusCode.Unknown, $"unknown grpc-status '{code}' {detail}".TrimEnd());
        }

        /// <summary>What makes a response unreadable as gRPC; null: nothing.</summary>
        public static GrpcStatus? Objection(HttpResponseMessage response)
        {
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return new GrpcStatus(
                    CodeOf(response.StatusCode), $"the server answered with HTTP status {(int)response.StatusCode}");
            }

            if (response.Version.Major < 2)
            {
                return new GrpcStatus(
                    GrpcStatusCode.Internal, $"gRPC needs HTTP/2, the answer came in HTTP/{response.Version}");
            }

            string type = response.Content?.Headers.ContentType?.MediaType ?? "";
            bool grpc = type == "application/grpc" || type.StartsWith("application/grpc+", StringComparison.Ordinal);
            return grpc
                ? (GrpcStatus?)null
                : new GrpcStatus(GrpcStatusCode.Unknown, $"expected content type application/grpc, got '{type}'");
        }

        /// <summary>Whether an exception is the transport's way to say that the connection is gone.</summary>
        public static bool IsTransportFailure(Exception exception) =>
            exception is IOException || exception is HttpRequestException
            || exception is OperationCanceledException || exception is ObjectDisposedException;

        /// <summary>The sentences of an exception and its causes.</summary>
        public static string Explain(Exception exception)
        {
            List<string> sentences = new List<string>();
            for (Exception? cause = exception; cause != null; cause = cause.InnerException)
            {
                if (!sentences.Contains(cause.Message))
                {
                    sentences.Add(cause.Message);
                }
            }

            return string.Join(" ", sentences);
        }

        private static GrpcStatusCode CodeOf(HttpStatusCode status)
        {
            switch ((int)status)
            {
                case 400: return GrpcStatusCode.Internal;
                case 401: return GrpcStatusCode.Unauthenticated;
                case 403: return GrpcStatusCode.PermissionDenied;
                case 404: return GrpcStatusCode.Unimplemented;
                case 429:
                case 502:
                case 503:
                case 504: return GrpcStatusCode.Unavailable;
                default: return GrpcStatusCode.Unknown;
            }
        }
    }
}
