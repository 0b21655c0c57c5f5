# The menu on Windows: the same words as the Makefile.
#   powershell -ExecutionPolicy Bypass -File make.ps1 reports
#   powershell -ExecutionPolicy Bypass -File make.ps1 report -Region 28
param(
    [Parameter(Position = 0)] [string] $Target = 'help',
    [string] $Report = 'regional_diagnosis',
    [string] $Region = '28',
    [int] $Jobs = 2
)

$ErrorActionPreference = 'Stop'
Set-Location -LiteralPath $PSScriptRoot
$bin = Join-Path $PSScriptRoot '.venv\Scripts'

function Invoke-Step([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

function Invoke-Setup {
    if (Get-Command py -ErrorAction SilentlyContinue) { Invoke-Step 'py' @('-3', 'tools\setup.py') }
    else { Invoke-Step 'python' @('tools\setup.py') }
}

function Invoke-Tool([string] $Name, [string[]] $Arguments) {
    Invoke-Step (Join-Path $bin "$Name.exe") $Arguments
}

function Invoke-Demo {
    Invoke-Setup
    Invoke-Tool 'ropsanalysis' @('demo')
}

function Invoke-Build {
    Invoke-Demo
    Invoke-Tool 'ropsanalysis' @('build')
}

switch ($Target) {
    'help' {
        @(
            '  setup      make the environment in .venv (all other targets do it themselves)'
            '  demo       write synthetic example data where no data about persons were delivered'
            '  build      check the data and compute the tables all reports share'
            '  reports    render every report for every voivodeship into reports\'
            '  report     render one: make.ps1 report -Report regional_diagnosis -Region 28'
            '  test       run all tests (-Jobs 2)'
            '  lint       check style and that notebooks carry no outputs'
            '  types      check the types'
            '  lab        open the notebooks in JupyterLab'
            '  bench      time the reports against plain papermill and nbconvert'
            '  clean      remove reports, computed tables and caches; the environment stays'
            '  distclean  remove the environment as well'
        )
    }
    'setup' { Invoke-Setup }
    'demo' { Invoke-Demo }
    'build' { Invoke-Build }
    'reports' { Invoke-Build; Invoke-Tool 'ropsanalysis' @('render') }
    'report' { Invoke-Build; Invoke-Tool 'ropsanalysis' @('render', '--report', $Report, '--region', $Region) }
    'test' { Invoke-Setup; Invoke-Tool 'python' @('-m', 'pytest', '-n', "$Jobs", '--dist', 'loadfile') }
    'lint' {
        Invoke-Setup
        Invoke-Tool 'ruff' @('check')
        Invoke-Tool 'ruff' @('format', '--check')
        $notebooks = @(Get-ChildItem -Path 'notebooks' -Filter '*.ipynb' | ForEach-Object { $_.FullName })
        if ($notebooks.Count) { Invoke-Tool 'nbstripout' (@('--verify') + $notebooks) }
    }
    'types' { Invoke-Setup; Invoke-Tool 'mypy' @() }
    'lab' { Invoke-Build; Invoke-Tool 'jupyter' @('lab', 'notebooks') }
    'bench' { Invoke-Setup; Invoke-Tool 'python' @('tools\bench.py') }
    { $_ -in 'clean', 'distclean' } {
        foreach ($folder in 'reports', 'data\processed') {
            Get-ChildItem -LiteralPath $folder -Force | Where-Object Name -NE '.gitkeep' | Remove-Item -Recurse -Force
        }
        $caches = '.pytest_cache', '.mypy_cache', '.ruff_cache', '.hypothesis', 'dist'
        if ($Target -eq 'distclean') { $caches += '.venv' }
        $caches | Where-Object { Test-Path -LiteralPath $_ } | ForEach-Object { Remove-Item -LiteralPath $_ -Recurse -Force }
        # Collected first: a folder may vanish together with the one above it.
        $made = @(Get-ChildItem -Path 'src', 'tests', 'tools', 'notebooks' -Directory -Recurse -Force |
            Where-Object { $_.Name -in '__pycache__', '.ipynb_checkpoints' } | ForEach-Object { $_.FullName })
        $made | Where-Object { Test-Path -LiteralPath $_ } | ForEach-Object { Remove-Item -LiteralPath $_ -Recurse -Force }
    }
    default {
        [Console]::Error.WriteLine("No target '$Target'. Run make.ps1 without arguments for the menu.")
        exit 2
    }
}
