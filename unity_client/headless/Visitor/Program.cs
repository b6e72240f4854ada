#nullable enable
using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography.X509Certificates;
using Attune.DotNet;
using Attune.Transport;

namespace Attune.Visitor
{
    /// <summary>Plays one visitor from beginning to end.</summary>
    internal static class Program
    {
        private static int Main(string[] words)
        {
            if (words.Contains("--help"))
            {
                Console.WriteLine(Arguments.Help);
                return 0;
            }

            if (words.Contains("--bench-frames"))
            {
                FrameBenchCommand.Run(Console.Out);
                return 0;
            }

            try
            {
                return Visit(new Arguments(words));
            }
            catch (Exception exception) when (exception is ArgumentException || exception is IOException || exception is FormatException)
            {
                Console.Error.WriteLine(exception.Message);
                return 2;
            }
        }

        private static int Visit(Arguments arguments)
        {
            FrameFolder? camera = arguments.Frames == null ? null : new FrameFolder(arguments.Frames);
            Story story = Story.From(arguments.Story);
            MainLoop loop = new MainLoop();
            using AttuneClient client = new AttuneClient(Links(arguments), arguments.Request, arguments.Consent, loop);
            SessionLog log = new SessionLog(client, Console.Out);
            SessionOver? over = null;
            client.Ended += how => over = how;
            client.Start();

            long beginNs = client.NowNs;
            long frames = 0;
            while (over == null)
            {
                double nowS = (client.NowNs - beginNs) / 1e9;
                while (story.NextS <= nowS)
                {
                    log.Played(story.Play(client));
                }

                double frameS = frames / arguments.FramesPerSecond;
                if (camera != null && frameS <= nowS)
                {
                    camera.Offer(client);
                    frames++;
                }

                double nextS = Math.Min(camera == null ? nowS + 0.1 : frameS, story.NextS ?? double.MaxValue);
                loop.RunFor(TimeSpan.FromSeconds(Math.Clamp(nextS - nowS, 0.001, 0.1)));
            }

            log.Figures();
            return over.Fault == null ? 0 : 1;
        }

        private static GrpcSessionLinks Links(Arguments arguments)
        {
            X509Certificate2? authority = arguments.Authority == null
                ? null : X509CertificateLoader.LoadCertificateFromFile(arguments.Authority);
            X509Certificate2? certificate = arguments.Certificate == null
                ? null : X509Certificate2.CreateFromPemFile(arguments.Certificate, arguments.Key);
            HttpMessageHandler handler = SocketsHandler.Create(authority, certificate);
            return new GrpcSessionLinks(arguments.Server, handler, arguments.Token, arguments.Insecure);
        }
    }
}
