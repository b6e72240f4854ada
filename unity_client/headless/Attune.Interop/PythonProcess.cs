#nullable enable
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
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

        private PythonProcess(Process process, int port, ConcurrentQueue<string> log)
        {
            _process = process;
            Port = port;
            Log = log;
        }

        public static string Repository { get; } = FindRepository();

        public int Port { get; }

        /// <summary>What it wrote on standard error.</summary>
        public IEnumerable<string> Log { get; }

        public Uri PlainAddress => new Uri($"http://127.0.0.1:{Port}");

        /// <summary>The server's interpreter; skips the test, saying why, where there is none.</summary>
        public static string Python()
        {
            string python = Environment.GetEnvironmentVariable("ATTUNE_PYTHON")
                ?? Path.Combine(Repository, ".venv", "bin", "python");
            if (!File.Exists(python))
            {
                Assert.Ignore($"needs the server's Python environment: {python} is not there (or set ATTUNE_PYTHON)");
            }

            return python;
        }

        /// <summary>Attune's own server with free ports; nothing is recorded unless asked.</summary>
        public static PythonProcess StartAttune(params string[] more)
        {
            string[] arguments = { "tests/unity/attended_server.py", "--announce", "--metrics-port", "off" };
            string[] port = Array.IndexOf(more, "--port") < 0 ? new[] { "--port", "0" } : Array.Empty<string>();
            string[] record = Array.IndexOf(more, "--recordings") < 0 ? new[] { "--no-record" } : Array.Empty<string>();
            return Start(arguments.Concat(port).Concat(record).Concat(more).ToArray());
        }

        public static PythonProcess Start(params string[] arguments)
        {
            ProcessStartInfo start = new ProcessStartInfo(Python(), arguments)
            {
                WorkingDirectory = Repository,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            start.Environment["PYTHONPATH"] = Path.Combine(Repository, "python_server");
            Process process = Process.Start(start)!;
            ConcurrentQueue<string> log = new ConcurrentQueue<string>();
            process.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
            process.BeginErrorReadLine();
            string? announcement = process.StandardOutput.ReadLine();
            if (announcement == null)
            {
                process.WaitForExit();
                throw new InvalidOperationException(
                    $"{string.Join(" ", arguments)} ended with {process.ExitCode} before it announced a port:\n{string.Join("\n", log)}");
            }

            using JsonDocument parsed = JsonDocument.Parse(announcement);
            return new PythonProcess(process, parsed.RootElement.GetProperty("grpc_port").GetInt32(), log);
        }

        /// <summary>Sends a line and waits for the line that answers it.</summary>
        public string? Command(string line)
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
            return _process.StandardOutput.ReadLine();
        }

        /// <summary>The process stands still, with its connections open, as on an overloaded machine.</summary>
        public void Freeze() => Signal("-STOP");

        public void Thaw() => Signal("-CONT");

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
                if (!_process.WaitForExit(15000))
                {
                    Kill();
                }
            }

            _process.Dispose();
        }

        private void Signal(string name)
        {
            using Process kill = Process.Start("kill", new[] { name, _process.Id.ToString() })!;
            kill.WaitForExit();
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
