#nullable enable
using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Attune.Tests")]
[assembly: InternalsVisibleTo("Attune.Tests.Transport")]
