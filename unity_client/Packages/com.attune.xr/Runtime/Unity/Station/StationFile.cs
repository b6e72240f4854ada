#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>attune.json in the application's data folder.</summary>
    internal static class StationFile
    {
        public static string Path => System.IO.Path.Combine(Application.persistentDataPath, SetupValues.FileName);

        /// <summary>Writes the file; it is whole at every moment.</summary>
        /// <exception cref="IOException">It cannot be written.</exception>
        public static void Write(SetupValues values)
        {
            string next = Path + ".new";
            File.WriteAllText(next, values.ToJson());
            if (File.Exists(Path))
            {
                File.Replace(next, Path, null);
            }
            else
            {
                File.Move(next, Path);
            }
        }

        /// <summary>What the file says; nothing when there is none, or when it cannot be used.</summary>
        /// <param name="problems">Takes a sentence when it cannot be used.</param>
        public static SetupValues Read(List<string> problems)
        {
            string path = Path;
            try
            {
                return File.Exists(path) ? SetupValues.FromJson(File.ReadAllText(path)) : new SetupValues(SetupSource.File);
            }
            catch (Exception fault) when (fault is FormatException || fault is IOException || fault is UnauthorizedAccessException)
            {
                problems.Add($"{path} is not used: {fault.Message}");
                return new SetupValues(SetupSource.File);
            }
        }
    }
}
