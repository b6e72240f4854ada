#nullable enable
using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Attune.Transport")]
[assembly: InternalsVisibleTo("Attune.Editor")]
[assembly: InternalsVisibleTo("Attune.Tests")]
[assembly: InternalsVisibleTo("Attune.Tests.Core")]
[assembly: InternalsVisibleTo("Attune.Tests.Transport")]
