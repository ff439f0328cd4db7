using Microsoft.AspNetCore.Mvc;

namespace EdgeTrace.Cloud.Api;

/// <summary>Errors as RFC 9457 problems: what, which item, and what to do.</summary>
static class Problems
{
    public static IResult NotFound(string what, string cure) => Results.Problem(cure, statusCode: StatusCodes.Status404NotFound, title: what);
    public static IResult Wrong(string what, string cure) => Results.Problem(cure, statusCode: StatusCodes.Status400BadRequest, title: what);

    public static async Task Write(HttpContext context, int status, string what, string cure)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(new ProblemDetails { Status = status, Title = what, Detail = cure }, ApiJson.Options, "application/problem+json");
    }
}
