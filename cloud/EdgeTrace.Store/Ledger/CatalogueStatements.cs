using Microsoft.Data.Sqlite;

namespace EdgeTrace.Store.Ledger;

/// <summary>Writes what the catalogue says of products and how many there should be; the row before stays.</summary>
sealed class CatalogueStatements(SqliteConnection connection) : IDisposable
{
    readonly SqliteStatement _product = new(connection, "INSERT OR REPLACE INTO products VALUES ($1, $2, $3, $4)", 4);
    readonly SqliteStatement _par = new(connection, "INSERT OR REPLACE INTO par_levels VALUES ($1, $2, $3, $4, $5)", 5);

    public void Write(SqliteTransaction transaction, LedgerCommit commit)
    {
        foreach (var p in commit.Products) _product.Run(transaction, p.Product.Key, p.ValidFromUs, StockJson.Write(p.Product), commit.Actor);
        foreach (var p in commit.Pars) _par.Run(transaction, p.Product, p.Place, p.ValidFromUs, p.Par, commit.Actor);
    }

    public void Dispose()
    {
        _product.Dispose();
        _par.Dispose();
    }
}
