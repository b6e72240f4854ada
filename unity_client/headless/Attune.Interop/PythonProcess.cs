#nullable enable
using System;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>
    /// A Python program of the repository that announces its port in a JSON line and ends when its standard
    /// input closes.
    /// </summary>
    internal sealed class PythonProcess : IDisposable
    {
        private readonly Process _process;

        private PythonProcess(Process process, int port)
        {
            _process = process;
            Port = port;
        }

        public static string Repository { get; } = FindRepository();

        public int Port { get; }

        public Uri PlainAddress => new Uri($"http://127.0.0.1:{Port}");

        /// <summary>Skips the test, saying why, where the repository has no Python environment.</summary>
        public static PythonProcess Start(params string[] arguments)
        {
            string python = Environment.GetEnvironmentVariable("ATTUNE_PYTHON")
                ?? Path.Combine(Repository, ".venv", "bin", "python");
            if (!File.Exists(python))
            {
                Assert.Ignore($"needs the server's Python environment: {python} is not there (or set ATTUNE_PYTHON)");
            }

            ProcessStartInfo start = new ProcessStartInfo(python, arguments)
            {
                WorkingDirectory = Repository,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            start.Environment["PYTHONPATH"] = Path.Combine(Repository, "python_server");
            Process process = Process.Start(start)!;
            string? announcement = process.StandardOutput.ReadLine();
            if (announcement == null)
            {
                process.WaitForExit();
                throw new InvalidOperationException($"{string.Join(" ", arguments)} ended with {process.ExitCode} before it announced a port");
            }

            using JsonDocument parsed = JsonDocument.Parse(announcement);
            return new PythonProcess(process, parsed.RootElement.GetProperty("grpc_port").GetInt32());
        }

        /// <summary>Sends a line and waits for the line that answers it.</summary>
        public string? Command(string line)
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
            return _process.StandardOutput.ReadLine();
        }

        /// <summary>Ends the process as a crash would.</summary>
        public void Kill()
        {
            _process.Kill();
            _process.WaitForExit();
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.StandardInput.Close();
                if (!_process.WaitForExit(5000))
                {
                    Kill();
                }
            }

            _process.Dispose();
        }

        private static string FindRepository()
        {
            DirectoryInfo? folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder != null && !Directory.Exists(Path.Combine(folder.FullName, "protos", "attune")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new InvalidOperationException($"no checkout above {AppContext.BaseDirectory}");
        }
    }
}
